using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Proofs;

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
    public async Task What_a_change_makes_cacheable_is_told_at_apply_with_examples_and_in_the_status()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync(webhook: true);
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets));
        await world.UntilAsync("the policy is proven",
            async () => OperatorWorld.Holds(await world.PolicyAsync(), PolicyConditions.Proven));
        Assert.Null((await world.PolicyAsync()).Status!.Revision!.NewlyCacheable);

        var wider = await world.TryApplyAsync(Manifests.Policy(Manifests.Assets, Manifests.Catalogue));

        Assert.True(wider.ExitCode == 0, wider.Text);
        Assert.Contains("Warning: spec: anonymous requests become cacheable that were not, for example GET /funds",
            wider.Text, StringComparison.Ordinal);
        Assert.Contains("[change/newly-cacheable]", wider.Text, StringComparison.Ordinal);
        await world.UntilAsync("the status says so", async () =>
            (await world.PolicyAsync()).Status!.Revision!.NewlyCacheable is [var sentence, ..]
                && sentence.Contains("GET /funds", StringComparison.Ordinal));

        // What takes away is no news.
        var narrower = await world.TryApplyAsync(Manifests.Policy(Manifests.Catalogue));
        Assert.DoesNotContain("newly-cacheable", narrower.Text, StringComparison.Ordinal);
        await world.UntilAsync("the status says nothing more",
            async () => (await world.PolicyAsync()).Status!.Revision!.NewlyCacheable is null);
    }

    [Fact]
    public async Task What_is_proven_gets_in_also_where_there_is_no_time_to_tell_what_is_new()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync(webhook: true, proofs: new ProofLimits
        {
            Patience = TimeSpan.FromSeconds(16),
            PatienceAside = TimeSpan.Zero,
        });
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets));
        await world.UntilAsync("the policy is proven",
            async () => OperatorWorld.Holds(await world.PolicyAsync(), PolicyConditions.Proven));

        var wider = await world.TryApplyAsync(Manifests.Policy(Manifests.Assets, Manifests.Catalogue));

        Assert.True(wider.ExitCode == 0, wider.Text);
        Assert.Contains("could not be told", wider.Text, StringComparison.Ordinal);
        Assert.Contains($"cachepolicy diff --live storefront -n {world.Space}", wider.Text, StringComparison.Ordinal);
        await world.UntilAsync("the status says it later", async () =>
            (await world.PolicyAsync()).Status!.Revision!.NewlyCacheable is [var sentence, ..]
                && sentence.Contains("GET /funds", StringComparison.Ordinal));
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
        await world.UntilAsync("the policy is proven",
            async () => OperatorWorld.Holds(await world.PolicyAsync(), PolicyConditions.Proven));

        var contradiction = await world.TryApplyAsync(Manifests.PersonalRoutes("{pathPrefix: /static/invoices}"));
        var addition = await world.TryApplyAsync(Manifests.PersonalRoutes("{pathPrefix: /orders}"));

        Assert.NotEqual(0, contradiction.ExitCode);
        Assert.Contains("policy `storefront`", contradiction.Text, StringComparison.Ordinal);
        Assert.True(addition.ExitCode == 0, addition.Text);
    }

    [Fact]
    public async Task Who_declares_less_personal_is_told_what_that_is()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync(webhook: true);
        Assert.Equal(0,
            (await world.TryApplyAsync(
            Manifests.PersonalRoutes("{pathPrefix: /bills}, {pathPrefix: /orders}"))).ExitCode);
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets));
        await world.UntilAsync("the policy is proven",
            async () => OperatorWorld.Holds(await world.PolicyAsync(), PolicyConditions.Proven));

        var fewer = await world.TryApplyAsync(Manifests.PersonalRoutes("{pathPrefix: /orders}"));
        var gone = await Kubectl.RunAsync(world.ControlPlane, world.Space, "delete", "personalroutes", "privacy");

        Assert.True(fewer.ExitCode == 0, fewer.Text);
        Assert.Contains("""{"pathPrefix":"/bills"} is personal no more for www.example.com""", fewer.Text,
            StringComparison.Ordinal);
        Assert.True(gone.ExitCode == 0, gone.Text);
        Assert.Contains("""{"pathPrefix":"/orders"} is personal no more""", gone.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_odd_beside_other_objects_is_warned_of_at_apply_and_in_the_status_of_the_later_one()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync(webhook: true);
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets));
        await world.UntilAsync("the policy is proven",
            async () => OperatorWorld.Holds(await world.PolicyAsync(), PolicyConditions.Proven));

        var rival = await world.TryApplyAsync(Manifests.Rival());
        var routes = await world.TryApplyAsync(Manifests.PersonalRoutes("{pathPrefix: /orders}")
            .Replace("www.example.com", "ww.example.com", StringComparison.Ordinal));

        Assert.Equal((0, 0), (rival.ExitCode, routes.ExitCode));
        Assert.Contains("Warning: spec.hosts[0]: host `www.example.com` is of policy `storefront` as well", rival.Text,
            StringComparison.Ordinal);
        Assert.Contains("there is no Deployment `rival-cache`", rival.Text, StringComparison.Ordinal);
        Assert.Contains("the routes protect nothing", routes.Text, StringComparison.Ordinal);
        await world.UntilAsync("the status of the later one says so", async () =>
            (await CodesAsync("cpol", "storefront-rival")) is "host/shared workload/missing"
                && await CodesAsync("proutes", "privacy") is "routes/bind-nothing");
        Assert.Equal("", await CodesAsync("cpol", "storefront"));

        // What is mended is told no more.
        await world.KubectlAsync("delete", "cpol", "storefront");
        await world.ApplyAsync(Manifests.Workload.Replace("storefront-cache", "rival-cache", StringComparison.Ordinal));
        await world.UntilAsync("the status says nothing more",
            async () => await CodesAsync("cpol", "storefront-rival") is "");

        async Task<string> CodesAsync(string kind, string name) =>
            (await world.KubectlAsync("get", kind, name, "-o", "jsonpath={.status.diagnostics[*].code}")).Text.Trim();
    }

    [Fact]
    public async Task A_setting_that_does_nothing_is_warned_of_at_apply_and_in_the_status()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync(webhook: true);

        var applied = await world.TryApplyAsync(Manifests.Policy(Manifests.Assets)
            .Replace("{canary: {pods: 0}}", "{canary: {pods: 0}, warmPrevious: true}", StringComparison.Ordinal)
                + "\n  guard: {onLeak: Quarantine, sample: 0.5}\n");

        Assert.Equal(0, applied.ExitCode);
        foreach (var path in new[] { "spec.guard.onLeak", "spec.guard.sample", "spec.rollout.warmPrevious" })
        {
            Assert.Contains($"Warning: {path}: ", applied.Text, StringComparison.Ordinal);
        }

        await world.UntilAsync("the status says so", async () =>
            (await world.PolicyAsync()) is var p && OperatorWorld.Holds(p, PolicyConditions.Proven)
                && p.Status!.Diagnostics!.Count(d => d.Code == "policy/not-yet") == 3);
    }

    [Fact]
    public async Task A_fallback_by_a_word_that_nobody_knows_goes_down_and_says_so()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync(webhook: true);
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets));
        await world.UntilAsync("it is in force",
            async () => OperatorWorld.Holds(await world.PolicyAsync(), PolicyConditions.Proven));

        var ordered =
            await world.KubectlAsync("annotate", "cpol", "storefront", $"{PolicyAnnotations.Fallback}=NoCahce");

        Assert.Contains("Warning: ", ordered.Text, StringComparison.Ordinal);
        Assert.Contains("`NoCahce` is no level to fall back to, and acts as `NoCache`", ordered.Text,
            StringComparison.Ordinal);
        await world.UntilAsync("it is at the lowest level, and says why", async () =>
            (await world.PolicyAsync()).Status is { Level: "NoCache", Fallback.Reason: { } reason }
                && reason.Contains("`NoCahce` is no level", StringComparison.Ordinal)
            && (await world.EventsAsync()).Any(e => e.StartsWith("FallbackWord", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_open_incident_can_neither_be_removed_nor_rewritten_and_a_fallback_gets_through_whatever_the_spec_is()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync();
        // Stored before the webhook was there: what is refused now must still obey a person's order.
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets));
        await world.UntilAsync("it is in force",
            async () => OperatorWorld.Holds(await world.PolicyAsync(), PolicyConditions.Proven));
        await world.ApplyAsync(Manifests.Policy(Manifests.Everything));
        await world.StopOperatorAsync();
        await world.StartOperatorAsync(webhook: true);

        await world.AnnotateAsync($"{PolicyAnnotations.Fallback}=NoCache");
        await world.UntilAsync("the incident is open",
            async () => (await world.IncidentsAsync()).Any(i => i.Status?.Phase == "Open"));
        var name = (await world.IncidentsAsync()).Single().Metadata.Name;
        var removed = await world.KubectlAsync("delete", "cacheincident", name);
        var rewritten = await world.KubectlAsync("patch", "cacheincident", name, "--type=merge", "-p",
            """{"spec":{"level":"Cached"}}""");

        Assert.NotEqual(0, removed.ExitCode);
        Assert.Contains("is open", removed.Text, StringComparison.Ordinal);
        Assert.NotEqual(0, rewritten.ExitCode);
        Assert.Contains("written once", rewritten.Text, StringComparison.Ordinal);
        Assert.Single(await world.IncidentsAsync());
    }
}
