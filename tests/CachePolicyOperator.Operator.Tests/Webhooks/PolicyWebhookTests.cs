using System.Text.Json;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Operator.Proofs;
using CachePolicyOperator.Operator.Revisions;
using CachePolicyOperator.Operator.Webhooks;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Webhooks;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace CachePolicyOperator.Operator.Tests.Webhooks;

public sealed class PolicyWebhookTests : IDisposable
{
    private const string Proven = """
        {"apiVersion": "cachepolicy.dev/v1alpha1", "kind": "CachePolicy", "metadata": {"name": "storefront", "namespace": "web"},
         "spec": {"hosts": ["www.example.com"], "origin": {"service": {"name": "storefront", "port": 8080}},
          "cache": {"workload": {"kind": "Deployment", "name": "storefront-cache"}}, "entrypoints": [{"service": {"name": "entry", "port": 80}}],
          "personal": {"routes": [{"pathPrefix": "/mypage"}], "identity": {"cookies": ["session"]}},
          "rules": [{"name": "assets", "match": {"pathPrefix": "/static", "extensions": ["css"]}, "cache": {"ttl": "1h"}}]}}
        """;

    private readonly ProofPool _pool = new(new ProofLimits { AtOnce = 1 }, TimeProvider.System);

    // Not started: nothing is denied.
    private readonly DeniedRevisions _denied = new(null!, null!, null!, null!, null!, TimeProvider.System, NullLogger<DeniedRevisions>.Instance);
    private readonly PolicyWebhook _webhook;

    public PolicyWebhookTests()
    {
        var examiner = new PolicyExaminer(
            new EmptyStore<PersonalRoutes>(), new EmptyStore<V1Service>(), new EmptyStore<V1ConfigMap>(), ManagedLimits.For("ours/varnish:7.1"), _denied);
        var proofs = new PolicyProofs(examiner, _pool, new ProofLimits { Patience = TimeSpan.FromMinutes(5) }, TimeProvider.System);
        // Nothing is asked of the API server for a policy whose objects stay as they are, and of the archive for a new one.
        _webhook = new PolicyWebhook(
            proofs, new AuthorRights(null!), null!,
            new Neighbourhood(
                new EmptyStore<CachePolicy>(), new EmptyStore<V1Service>(), new EmptyStore<V1Deployment>(), new EmptyStore<V1StatefulSet>()));
    }

    public void Dispose()
    {
        _pool.Dispose();
        _denied.Dispose();
    }

    [Fact]
    public async Task What_examines_as_proven_and_cannot_be_read_as_an_entity_is_refused()
    {
        var readable = await _webhook.CreateAsync(KubernetesJson.Deserialize<CachePolicy>(Proven), Context(), CancellationToken.None);
        var unreadable = await _webhook.UnreadableAsync("$.status.level: no text", Context(), CancellationToken.None);

        Assert.True(readable.Valid, readable.Reason);
        Assert.False(unreadable.Valid);
        Assert.Contains("cannot be read: $.status.level", unreadable.Reason, StringComparison.Ordinal);
    }

    private static AdmissionContext Context()
    {
        using var json = JsonDocument.Parse(Proven);
        var policy = json.RootElement.Clone();
        return new AdmissionContext("u", "CREATE", "web", "storefront", "", new AdmissionUser("anna", "", []), false, policy, policy);
    }

    private sealed class EmptyStore<T> : IEntityStore<T>
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        public IReadOnlyList<UnreadableObject> Unreadable => [];

        public Task Synced => Task.CompletedTask;

        public T? Find(NamespacedName key) => null;

        public IReadOnlyList<T> All() => [];

        public IReadOnlyList<T> Where(Func<T, bool> predicate) => [];

        public IReadOnlyList<T> IndexedBy(string value) => [];

        public IReadOnlyList<NamespacedName> Keys() => [];
    }
}
