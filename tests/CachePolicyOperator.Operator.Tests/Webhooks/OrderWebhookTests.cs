using System.Text.Json;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Incidents;
using CachePolicyOperator.Operator.Webhooks;
using CachePolicyOperator.Runtime.Webhooks;
using k8s.Models;

namespace CachePolicyOperator.Operator.Tests.Webhooks;

/// <summary>
/// Whose name is noted for an order. The witness can note nothing here, so that it warns wherever it tries.
/// </summary>
public sealed class OrderWebhookTests
{
    private readonly OrderWebhook _webhook = new(new OrderWitness(null!, null!, null!, TimeProvider.System));

    [Fact]
    public async Task Who_gives_an_order_is_noted()
    {
        Assert.Single(await WarningsAsync(Policy(), Policy("NoCache")));
        Assert.Single(await WarningsAsync(null, Policy("NoCache")));
        Assert.Single(await WarningsAsync(Policy("Bypassed"), Policy("NoCache")));
    }

    [Fact]
    public async Task Who_changes_something_else_while_an_order_stands_is_not_taken_for_who_gave_it() =>
        Assert.Empty(await WarningsAsync(Policy("NoCache"), Policy("NoCache", label: "mine")));

    [Fact]
    public async Task Who_only_tries_or_writes_a_status_is_not_noted()
    {
        Assert.Empty(await WarningsAsync(Policy(), Policy("NoCache"), dryRun: true));
        Assert.Empty(await WarningsAsync(Policy(), Policy("NoCache"), subResource: "status"));
    }

    private async Task<IReadOnlyList<string>> WarningsAsync(
        CachePolicy? old, CachePolicy changed, bool dryRun = false, string subResource = "")
    {
        var context = new AdmissionContext(
            "u", "UPDATE", "web", "storefront", subResource, new AdmissionUser("anna", "", []), dryRun,
                default(JsonElement), default);
        var answer = await _webhook.UpdateAsync(old, changed, context, CancellationToken.None);
        Assert.True(answer.Valid);
        return answer.Warnings;
    }

    private static CachePolicy Policy(string? fallback = null, string label = "") => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = "storefront",
            NamespaceProperty = "web",
            Labels = new Dictionary<string, string> { ["label"] = label },
            Annotations = fallback is null ? null : new Dictionary<string,
                string>
            { [PolicyAnnotations.Fallback] = fallback },
        },
    };
}
