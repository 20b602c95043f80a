using System.Collections.Concurrent;
using CachePolicyOperator.Runtime.Webhooks;
using k8s.Models;

namespace CachePolicyOperator.Runtime.Tests.Support;

/// <summary>A webhook that does what the ConfigMap's data ask for, and writes down what it was told.</summary>
internal sealed class TestWebhook : ValidationWebhook<V1ConfigMap>
{
    public ConcurrentQueue<AdmissionContext> Seen { get; } = [];

    public ConcurrentQueue<string> Said { get; } = [];

    public override async Task<ValidationResult> CreateAsync(
        V1ConfigMap entity, AdmissionContext context, CancellationToken cancellationToken)
    {
        Seen.Enqueue(context);
        switch (entity.Data?["do"])
        {
            case "throw":
                throw new InvalidOperationException("the check broke");
            case "wait":
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
                break;
            case "spin":
                while (!cancellationToken.IsCancellationRequested)
                    Thread.SpinWait(1000);
                break;
        }

        return Create(entity, context);
    }

    public override ValidationResult Create(V1ConfigMap entity, AdmissionContext context) => entity.Data?["do"] switch
    {
        "refuse" => Fail("personal/cacheable: a request for `/mypage` would be stored\n  help: remove the rule"),
        "warn" => Success("first warning", "second warning"),
        _ => Success(),
    };

    public override ValidationResult Update(V1ConfigMap? oldEntity, V1ConfigMap newEntity, AdmissionContext context)
    {
        Said.Enqueue($"update {oldEntity?.Data?["do"]} to {newEntity.Data?["do"]}");
        return newEntity.Data?["do"] == "refuse" ? Fail("not like that", 403) : Success();
    }

    public override ValidationResult Delete(V1ConfigMap entity, AdmissionContext context)
    {
        Said.Enqueue($"delete {entity.Metadata.Name} by {context.User.Name}");
        return context.User.Groups.Contains("visitors") ? Fail("visitors delete nothing") : Success();
    }
}
