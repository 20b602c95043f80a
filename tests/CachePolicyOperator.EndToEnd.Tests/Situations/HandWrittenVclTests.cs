using CachePolicyOperator.Entities;
using CachePolicyOperator.TestCluster;
using CachePolicyOperator.TestStage;
using CachePolicyOperator.TestStage.Situations;
using k8s;
using k8s.Models;
using Xunit.Abstractions;

namespace CachePolicyOperator.EndToEnd.Tests.Situations;

/// <summary>A team's own VCL, from its ConfigMap into real cache pods, under the real operator.</summary>
[Collection(PlayedAlone.Name)]
public sealed class HandWrittenVclTests(PlayedStage played, ITestOutputHelper output)
{
    private const string Sheet = "/static/app.css";

    private static readonly string[] Targets = [Sheet, "/funds"];

    [Fact]
    public async Task A_VCL_of_the_teams_own_serves_once_it_is_proven_and_goes_on_where_its_next_edit_is_not()
    {
        played.Stage.LaunchOperator();
        var site = await Site.OpenAsync(played.Stage, "web-vcl", CancellationToken.None);
        await site.ApplyAsync(Written("^/(static/[a-z]+\\.css|funds)$"), CancellationToken.None);
        await site.ApplyAsync(Policy, CancellationToken.None);
        await site.UntilProgrammedAsync(2, CancellationToken.None);
        var first = (await site.PolicyAsync(CancellationToken.None)).Status!.Revision!.Active!;
        var pods = await PodsAsync(site);
        foreach (var (pod, target) in pods.SelectMany(_ => Targets, (p, t) => (p, t)))
        {
            Assert.False(await IsHitAsync(pod, target), target);
            Assert.True(await IsHitAsync(pod, target), target);
        }

        Assert.False(await IsHitAsync(pods[0], "/mypage"));
        Assert.False(await IsHitAsync(pods[0], "/mypage"));

        // A purge finds what a VCL stored that knows of no purge.
        var purged = await site.CliAsync(CancellationToken.None, "purge", Storefront.Policy, "--path", Sheet);
        Assert.True(purged.ExitCode == 0
            && purged.Text.Contains("2 of 2 cache pods confirmed", StringComparison.Ordinal), purged.Text);
        Assert.All(pods, pod => Assert.False(IsHitAsync(pod, Sheet).GetAwaiter().GetResult()));
        Assert.True(await IsHitAsync(pods[0], "/funds"));

        // One more pattern, and My Page would be cached: who is asked refuses it, and who is not goes on with what was
        // proven.
        var (succeeded,
            said) = await site.TryApplyAsync(Written("^/(static|funds|my)", label: "cachepolicy.dev/vcl: 'true'"),
            CancellationToken.None);
        Assert.False(succeeded);
        Assert.Contains("hand-written/rules.vcl:", said, StringComparison.Ordinal);
        Assert.Contains("GET /my", said, StringComparison.Ordinal);
        await site.ApplyAsync(Written("^/(static|funds|my)"), CancellationToken.None);
        var refused = await UntilProvenIsAsync(site, "False", "personal/cacheable");
        Assert.Contains("hand-written/rules.vcl:", refused, StringComparison.Ordinal);
        Assert.Equal(first, (await site.PolicyAsync(CancellationToken.None)).Status!.Revision!.Active);
        Assert.False(await IsHitAsync(pods[0], "/mypage"));
        Assert.True(await IsHitAsync(pods[0], "/funds"));

        // What the pods' varnishd cannot load does not replace what it runs, and its own words are in the status.
        await site.ApplyAsync(Written("^/static/[a-z]+\\.css$", "import nothing_like_it;"), CancellationToken.None);
        await site.UntilAsync("the pods to say why",
            async token => Condition(await site.PolicyAsync(token), PolicyConditions.Programmed)
            is { Status: "False", Message: { } told } && told.Contains("nothing_like_it", StringComparison.Ordinal),
                CancellationToken.None);
        Assert.True(await IsHitAsync(pods[0], "/funds"));

        await site.ApplyAsync(Written("^/static/[a-z]+\\.css$"), CancellationToken.None);
        await site.UntilAsync("the next revision", async token => await site.PolicyAsync(token) is var policy
            && policy.Status?.Revision?.Active is { } active && active != first
            && Condition(policy, PolicyConditions.Programmed) is { Status: "True" }, CancellationToken.None);
        Assert.False(await IsHitAsync(pods[0], "/funds"));
        await IsHitAsync(pods[0], Sheet);
        Assert.True(await IsHitAsync(pods[0], Sheet));

        await SituationRun.TearDownAsync(site, CancellationToken.None);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task A_cache_that_a_team_runs_today_is_adopted_by_what_two_commands_print()
    {
        played.Stage.LaunchOperator();
        var site = await Site.OpenAsync(played.Stage, "web-adopted", CancellationToken.None);
        using var directory = new TemporaryDirectory("adopt");
        var vcl = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "tests/CachePolicyOperator.EndToEnd.Tests/Situations/bookshop.vcl"));
        await File.WriteAllTextAsync(directory.File("default.vcl"), vcl);
        await File.WriteAllTextAsync(directory.File("cache.yaml"), Cache);

        // For any origin, a request for My Page is stored: by a path that leads out of the fonts, or a parameter that
        // is taken off after it was judged.
        var (code, _, told) = await AdoptAsync();
        Assert.Equal(1, code);
        Assert.Contains("GET /fonts/../mypage", told, StringComparison.Ordinal);
        Assert.Contains("decide what is personal after the last rewrite", told, StringComparison.Ordinal);

        await File.WriteAllTextAsync(directory.File("default.vcl"), Mended(vcl));
        (code, var adopted, told) = await AdoptAsync("--profile", "express");
        Assert.True(code == 0, told);
        Assert.Contains("proven: ", told, StringComparison.Ordinal);
        var (_, injected, notes) = await ToolAsync(
            directory, "inject", "-f", directory.File("cache.yaml"), "--policy", Storefront.Policy, "--agent-image",
            Programs.AgentImage);
        Assert.Contains("without `-f /etc/varnish/default.vcl`", notes, StringComparison.Ordinal);

        await site.ApplyAsync(adopted, CancellationToken.None);
        await site.ApplyAsync(injected, CancellationToken.None);
        await site.UntilAsync("one pod tries it", async token =>
            (await site.PolicyAsync(token)).Status?.Rollout?.Probes?.Clear > 0, CancellationToken.None);
        output.WriteLine((await site.CliAsync(CancellationToken.None, "status", Storefront.Policy)).Text);
        var promoted = await site.CliAsync(CancellationToken.None, "rollout", "promote", Storefront.Policy);
        output.WriteLine(promoted.Text);
        Assert.True(promoted.ExitCode == 0, promoted.Text);
        await site.UntilProgrammedAsync(2, CancellationToken.None);
        output.WriteLine((await site.CliAsync(CancellationToken.None, "status", Storefront.Policy)).Text);

        var pod = (
            await site.Stage.Client.CoreV1.ListNamespacedPodAsync(site.Space,
            labelSelector: $"app={Storefront.OwnCache}")).Items[0];
        Assert.False(await IsHitAsync(pod, Sheet));
        Assert.True(await IsHitAsync(pod, Sheet));
        Assert.False(await IsHitAsync(pod, "/mypage"));
        Assert.False(await IsHitAsync(pod, "/mypage"));
        await SituationRun.TearDownAsync(site, CancellationToken.None);

        Task<(int, string, string)> AdoptAsync(params string[] more) => ToolAsync(
            directory,
            [
                "adopt", "--vcl", directory.File("default.vcl"), "--host", Storefront.Host, "--name", Storefront.Policy,
                "-n", site.Space, "--workload", $"deployment/{Storefront.OwnCache}", "--origin", "storefront:8080",
                "--personal", "/mypage", "--identity-cookie", "session", .. more,
            ]);
    }

    // The two edits that what is told leads to: what others may read in another way is passed, and what is personal
    // is judged after the parameters are gone.
    private static string Mended(string vcl)
    {
        const string Clean = "    call clean_query;\n";
        const string Personal = "    # Whatever is anybody's own";
        const string Odd = """
                if (req.url ~ "^[^?]*(//|/\.|%|;|&|#|\\)") {
                    return (pass);
                }


            """;
        Assert.Contains(Clean, vcl, StringComparison.Ordinal);
        Assert.Contains(Personal, vcl, StringComparison.Ordinal);
        return vcl.Replace(Clean, "", StringComparison.Ordinal)
            .Replace(Personal, Odd + Clean + Personal, StringComparison.Ordinal);
    }

    // As a team has it that never heard of the operator.
    private const string Cache =
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: own-cache}
        spec:
          replicas: 2
          selector: {matchLabels: {app: own-cache}}
          template:
            metadata: {labels: {app: own-cache}}
            spec:
              containers:
                - name: varnish
                  image: example.com/varnish:1
                  command: [varnishd, -F, -a, "http=$(POD_IP):6081,HTTP", -f, /etc/varnish/default.vcl, -s, "malloc,64M"]
                  env: [{name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]
                  ports: [{containerPort: 6081, name: http}]
        """;

    private async Task<(int Code, string Text, string Told)> ToolAsync(
        TemporaryDirectory directory, params string[] arguments)
    {
        var typed = string.Join(' ', [Programs.Cli, .. arguments, "2>", directory.File("told")]);
        var run = await ChildProcess.RunAsync(new ChildProcessOptions("bash", ["-c", typed]), CancellationToken.None);
        var told = await File.ReadAllTextAsync(directory.File("told"));
        output.WriteLine($"$ cachepolicy {string.Join(' ', arguments)}\n{told}");
        return (run.ExitCode, run.Text, told);
    }

    private static string Policy =>
        $$"""
        apiVersion: cachepolicy.dev/v1alpha1
        kind: CachePolicy
        metadata: {name: {{Storefront.Policy}} }
        spec:
          hosts: [{{Storefront.Host}}]
          origin:
            service: {name: {{Storefront.Origin}}, port: 8080}
          cache:
            managed: {replicas: 2, storage: 64Mi}
          entrypoints:
            - service: {name: {{Storefront.EntryService}}, port: 80}
          personal:
            routes:
              - {pathPrefix: /mypage}
            identity: {cookies: [session]}
          rollout: {canary: {pods: 0} }
          vcl: {configMap: {name: hand-written, key: default.vcl} }
        """;

    private static string Written(string cached, string import = "", string label = "") =>
        $$"""
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: hand-written, labels: { {{label}} } }
        data:
          default.vcl: |
            vcl 4.1;
            {{import}}
            include "/etc/varnish/rules.vcl";
            backend default { .host = "storefront"; .port = "8080"; }
            sub vcl_deliver { set resp.http.X-Hits = obj.hits; }
          rules.vcl: |
            sub vcl_recv {
                if (req.method != "GET" || req.url !~ "{{cached}}") {
                    return (pass);
                }
                unset req.http.Cookie;
                unset req.http.Authorization;
                return (hash);
            }
        """;

    private static Condition? Condition(CachePolicy policy, string type) =>
        policy.Status?.Conditions?.FirstOrDefault(c => c.Type == type);

    private static async Task<IReadOnlyList<V1Pod>> PodsAsync(Site site) =>
        [.. (await site.Stage.Client.CoreV1.ListNamespacedPodAsync(site.Space,
            labelSelector: "app.kubernetes.io/component=cache")).Items];

    private static async Task<string> UntilProvenIsAsync(Site site, string status, string code)
    {
        string told = "";
        await site.UntilAsync($"Proven={status}", async token =>
        {
            var condition = Condition(await site.PolicyAsync(token), PolicyConditions.Proven);
            told = condition?.Message ?? "";
            return condition?.Status == status && told.Contains(code, StringComparison.Ordinal);
        }, CancellationToken.None);
        return told;
    }

    private static async Task<bool> IsHitAsync(V1Pod pod, string target)
    {
        var answer = await RawHttp.SendAsync(
            pod.Status.PodIP, 6081, $"GET {target} HTTP/1.1\r\nHost: {Storefront.Host}\r\nConnection: close\r\n\r\n");
        // Who has no session is led from My Page to the login.
        Assert.Equal(target == "/mypage" ? 302 : 200, answer.Status);
        return answer.Header("X-Hits") is { } hits && hits != "0";
    }
}
