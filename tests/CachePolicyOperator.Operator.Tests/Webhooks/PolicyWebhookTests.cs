using System.Text.Json;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Operator.Proofs;
using CachePolicyOperator.Operator.Reviews;
using CachePolicyOperator.Operator.Revisions;
using CachePolicyOperator.Operator.Tests.Support;
using CachePolicyOperator.Operator.Webhooks;
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
    private readonly DeniedRevisions _denied = new(
        null!, null!, null!, null!, null!, TimeProvider.System, NullLogger<DeniedRevisions>.Instance);
    private readonly ListStore<PersonalRoutes> _personal = new();
    private readonly ListStore<CachePolicy> _policies = new();
    private readonly PolicyProofs _proofs;
    private readonly PolicyWebhook _webhook;

    public PolicyWebhookTests()
    {
        var examiner = new PolicyExaminer(
            _personal, new OriginTargets(new ListStore<V1Service>()), new ListStore<V1ConfigMap>(),
                ManagedLimits.For("ours/varnish:7.1"), _denied);
        _proofs = new PolicyProofs(examiner, _pool, new ProofLimits { Patience = TimeSpan.FromMinutes(5) },
            TimeProvider.System);
        // Nothing is asked of the API server for a policy whose objects stay as they are, and of the archive for a new
        // one.
        _webhook = new PolicyWebhook(
            _proofs, new AuthorRights(null!), null!,
            new Neighbourhood(
                _policies, new ListStore<V1Service>(), new ListStore<V1Deployment>(), new ListStore<V1StatefulSet>()),
                    null!,
            new Authorship(null!));
    }

    public void Dispose()
    {
        _pool.Dispose();
        _denied.Dispose();
    }

    [Fact]
    public async Task What_examines_as_proven_and_cannot_be_read_as_an_entity_is_refused()
    {
        var readable = await _webhook.CreateAsync(KubernetesJson.Deserialize<CachePolicy>(Proven), Context(),
            CancellationToken.None);
        var unreadable = await _webhook.UnreadableAsync("$.status.level: no text", Context(), CancellationToken.None);

        Assert.True(readable.Valid, readable.Reason);
        Assert.False(unreadable.Valid);
        Assert.Contains("cannot be read: $.status.level", unreadable.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_proven_is_proven_anew_when_somebody_declares_personal_what_it_caches()
    {
        var policy = KubernetesJson.Deserialize<CachePolicy>(Proven);
        Assert.True((await _webhook.CreateAsync(policy, Context(), CancellationToken.None)).Valid);

        _personal.Entities.Add(new PersonalRoutes
        {
            Metadata =
                new V1ObjectMeta { Name = "privacy", NamespaceProperty = "web", Uid = "uid-1", ResourceVersion = "7" },
            Spec = new PersonalRoutesSpec
            {
                Hosts = ["www.example.com"],
                Routes = [new PersonalRouteSpec { PathPrefix = "/static" }]
            },
        });

        Assert.False((await _webhook.CreateAsync(policy, Context(), CancellationToken.None)).Valid);
    }

    [Fact]
    public async Task What_was_proven_of_one_policy_is_not_what_is_said_of_another_that_reads_alike()
    {
        var first = KubernetesJson.Deserialize<CachePolicy>(Proven);
        Assert.True((await _webhook.CreateAsync(first, Context(), CancellationToken.None)).Valid);
        _policies.Entities.Add(first);
        var rival = Proven.Replace("\"name\": \"storefront\", \"namespace\"", "\"name\": \"rival\", \"namespace\"",
            StringComparison.Ordinal);

        var answer = await _webhook.CreateAsync(KubernetesJson.Deserialize<CachePolicy>(rival), Context(rival),
            CancellationToken.None);

        Assert.Contains("entrypoint/of-another-policy", answer.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_proven_of_a_policy_is_not_what_is_said_of_one_of_the_same_name_in_another_namespace()
    {
        var rival = KubernetesJson.Deserialize<CachePolicy>(Proven);
        (rival.Metadata.Name, rival.Metadata.NamespaceProperty, rival.Metadata.Uid) = ("rival", "shop", "uid-rival");
        _policies.Entities.Add(rival);
        Assert.True(
            (await _webhook.CreateAsync(KubernetesJson.Deserialize<CachePolicy>(Proven), Context(),
            CancellationToken.None)).Valid);
        var elsewhere = Proven.Replace("\"namespace\": \"web\"", "\"namespace\": \"shop\"", StringComparison.Ordinal);

        var answer = await _webhook.CreateAsync(KubernetesJson.Deserialize<CachePolicy>(elsewhere), Context(elsewhere),
            CancellationToken.None);

        Assert.Contains("entrypoint/of-another-policy", answer.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_proven_for_one_engine_is_not_what_is_said_for_another()
    {
        var (policy, json) = (KubernetesJson.Deserialize<CachePolicy>(Proven), Context().NewObject);

        var known = await _proofs.ExamineAsync("anna", policy, json, "7.1", CancellationToken.None);
        var other = await _proofs.ExamineAsync("anna", policy, json, "10.0", CancellationToken.None);

        Assert.DoesNotContain(known.Diagnostics.Items, d => d.Code == "engine/version");
        Assert.Contains(other.Diagnostics.Items, d => d.Code == "engine/version");
    }

    private static AdmissionContext Context(string manifest = Proven)
    {
        using var json = JsonDocument.Parse(manifest);
        var policy = json.RootElement.Clone();
        return new AdmissionContext("u", "CREATE", "web", "storefront", "", new AdmissionUser("anna", "", []), false,
            policy, policy);
    }
}
