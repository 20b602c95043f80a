using System.Text.Json;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Core.Verification.Proving;
using CachePolicyOperator.Operator.Revisions;

namespace CachePolicyOperator.Operator.Tests.Revisions;

public sealed class RecordSizeTests
{
    [Fact]
    public void What_a_ConfigMap_can_keep_is_not_objected_to() =>
        Assert.Null(RecordSize.Objection(Admitted(entries: 10)));

    [Fact]
    public void What_no_ConfigMap_can_keep_is_refused_before_it_is_in_force_with_its_size_and_the_way_out()
    {
        var objection = RecordSize.Objection(Admitted(entries: 12_000))!;

        Assert.Equal(("revision/too-large", "spec.personal.routes"), (objection.Code, objection.Path));
        Assert.Contains("1,048,576", objection.Message, StringComparison.Ordinal);
        Assert.Contains("prefixes", objection.Help, StringComparison.Ordinal);
    }

    /// <summary>So that a policy with one origin has the record that it had before there were several.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Of_origins_that_no_rule_names_a_record_says_nothing(int named)
    {
        var record = JsonSerializer.Serialize(InForce.Of(Admitted(entries: 1, named)), RecordJson.Options);

        Assert.Equal(named > 0, record.Contains("\"origins\":[{", StringComparison.Ordinal));
        Assert.Equal(named > 0, record.Contains("\"uncovered\":[\"api0\"]", StringComparison.Ordinal));
        Assert.Equal(named > 0, record.Contains("origins", StringComparison.Ordinal));
        Assert.Equal(named > 0, record.Contains("uncovered", StringComparison.Ordinal));
        Assert.DoesNotContain("standby", record, StringComparison.Ordinal);
    }

    /// <summary>
    /// With what costs the proof nothing, and the record of what is in force some hundred bytes each.
    /// </summary>
    private static AdmittedPolicy Admitted(int entries, int named = 0)
    {
        var entrypoints = Enumerable.Range(0, entries)
            .Select(Entrypoint (i) => new ServiceEntrypoint($"{i}-{new string('x', 50)}", 80));
        var policy = new Policy(
            new ResourceName("web", "storefront"),
            [new HostName("www.example.com")],
            new Origin("storefront", 8080, ["strict"]),
            new AdoptedWorkload("Deployment", "storefront-cache"),
            entrypoints.ToEquatableList(),
            new PersonalData([new PersonalRoute(new PathPrefix("/mypage"), "spec.personal.routes[0]")],
                new IdentityCarriers(["session"], [], [])),
            [new Rule("assets", new RouteMatch(new PathPrefix("/static"), ["css"]),
                new Caching(Duration.FromSeconds(60), null, Duration.Zero, CacheKey.PathOnly), "spec.rules[0]")],
            null, RolloutSettings.Default, GuardSettings.Default, FallbackSettings.Default, ReviewSettings.Default);
        var origins = Enumerable.Range(0, named)
            .Select(i => new NamedOrigin($"api{i}", new Origin("api", 80, ["strict"]), IsCovered: false));
        policy = policy with
        {
            Origins = origins.ToEquatableList(),
            Rules =
            [
                .. policy.Rules,
                .. origins.Select(
                    o => new Rule(o.Name, new RouteMatch(new PathPrefix($"/{o.Name}"), []), null,
                    "spec.rules[1]") { Origin = o.Name }),
            ],
        };
        var target = new RenderTarget("192.0.2.1", 8080, "7.1")
        {
            Origins = origins.Select(o => new NamedAddress(o.Name, "192.0.2.2", 80)).ToEquatableList(),
        };
        var set = PolicySet.Bind(policy, []);
        var proof = RevisionProver.Prove(set, target);
        Assert.True(proof.Revision is not null, string.Join("; ", proof.Verdict.Diagnostics));
        return ForceGate.Decide(new ProvenPolicy(set, target, proof.Revision, 1), []).Admitted!;
    }
}
