using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Operator.Tests.Cluster;

[Collection(OnOneApiServer.Name)]
public sealed class WebhookTests(OperatorFixture fixture)
{
    [Fact]
    public async Task Kubectl_apply_of_the_mistake_of_2018_is_refused_with_the_request_that_would_have_leaked()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync(webhook: true);

        var mistake = await world.TryApplyAsync(Manifests.Policy(Manifests.Everything));
        var good = await world.TryApplyAsync(Manifests.Policy(Manifests.Assets));

        Assert.NotEqual(0, mistake.ExitCode);
        Assert.Contains("personal/cacheable", mistake.Text, StringComparison.Ordinal);
        Assert.Contains("GET /mypage", mistake.Text, StringComparison.Ordinal);
        Assert.Contains("help:", mistake.Text, StringComparison.Ordinal);
        Assert.True(good.ExitCode == 0, good.Text);
    }

    [Fact]
    public async Task Every_mistake_of_a_manifest_is_told_at_once()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync(webhook: true);

        var answer = await world.TryApplyAsync(Manifests.Policy(
            "{name: a, match: {regex: \"(\"}, cache: {ttl: soon}}", "{name: a, match: {path: nowhere}}"));

        Assert.NotEqual(0, answer.ExitCode);
        Assert.Contains("spec.rules[0].match.regex", answer.Text, StringComparison.Ordinal);
        Assert.Contains("spec.rules[0].cache.ttl", answer.Text, StringComparison.Ordinal);
        Assert.Contains("spec.rules[1]", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Personal_routes_that_a_policy_contradicts_are_refused_and_the_policy_is_named()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync(webhook: true);
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets));
        await world.UntilAsync("the policy is proven", async () => OperatorWorld.Holds(await world.PolicyAsync(), PolicyConditions.Proven));

        var contradiction = await world.TryApplyAsync(Manifests.PersonalRoutes("{pathPrefix: /static/invoices}"));
        var addition = await world.TryApplyAsync(Manifests.PersonalRoutes("{pathPrefix: /orders}"));

        Assert.NotEqual(0, contradiction.ExitCode);
        Assert.Contains("policy `storefront`", contradiction.Text, StringComparison.Ordinal);
        Assert.True(addition.ExitCode == 0, addition.Text);
    }

    [Fact]
    public async Task An_open_incident_can_neither_be_removed_nor_rewritten_and_a_fallback_gets_through_whatever_the_spec_is()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync();
        // Stored before the webhook was there: what is refused now must still obey a person's order.
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets));
        await world.UntilAsync("it is in force", async () => OperatorWorld.Holds(await world.PolicyAsync(), PolicyConditions.Proven));
        await world.ApplyAsync(Manifests.Policy(Manifests.Everything));
        await world.StopOperatorAsync();
        await world.StartOperatorAsync(webhook: true);

        await world.AnnotateAsync($"{PolicyAnnotations.Fallback}=NoCache");
        await world.UntilAsync("the incident is open", async () => (await world.IncidentsAsync()).Any(i => i.Status?.Phase == "Open"));
        var name = (await world.IncidentsAsync()).Single().Metadata.Name;
        var removed = await world.KubectlAsync("delete", "cacheincident", name);
        var rewritten = await world.KubectlAsync("patch", "cacheincident", name, "--type=merge", "-p", """{"spec":{"revisions":[]}}""");

        Assert.NotEqual(0, removed.ExitCode);
        Assert.Contains("is open", removed.Text, StringComparison.Ordinal);
        Assert.NotEqual(0, rewritten.ExitCode);
        Assert.Contains("written once", rewritten.Text, StringComparison.Ordinal);
        Assert.Single(await world.IncidentsAsync());
    }
}
