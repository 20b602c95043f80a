namespace CachePolicyOperator.Cli.Tests.Commands;

/// <summary>What is changed in a workload's manifest; that it works, the tests on real pods show.</summary>
public sealed class InjectTests
{
    [Theory]
    [InlineData("command: [varnishd, -F, -a, ':80', -f, /etc/varnish/default.vcl, -s, 'malloc,1G']",
        "varnishd -F -a :80 -s malloc,1G")]
    [InlineData(
        "command: [/usr/sbin/varnishd]\n          args: [-j, none, -f/etc/x.vcl, -n, /tmp/x, -S, none, -T, "
            + "'localhost:6082']", "/usr/sbin/varnishd -F -a http=:6081,HTTP -j none")]
    [InlineData("args: [-p, default_ttl=60]", "varnishd -F -a http=:6081,HTTP -p default_ttl=60")]
    [InlineData("env: [{name: VARNISH_SIZE, value: 1G}]", "varnishd -F -a http=:6081,HTTP")]
    public async Task Varnishd_is_started_without_a_VCL_and_with_what_the_agent_needs(string given, string kept)
    {
        var run = await CliRun.WithInputAsync(Workload(given), "inject", "-f", "-", "--policy", "shop");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal($"{kept} -T $(POD_IP):6082 -n /var/lib/varnish/run -b none", Command(run.Out));
        var twice = await CliRun.WithInputAsync(run.Out, "inject", "-f", "-", "--policy", "shop");
        Assert.Equal(run.Out, twice.Out);
    }

    [Fact]
    public async Task What_else_changes_for_the_pods_is_told_once()
    {
        var run = await CliRun.WithInputAsync(
            Workload("command: [varnishd, -F, -f, /etc/varnish/default.vcl]"), "inject", "-f", "-", "--policy", "shop");

        Assert.Contains("note: StatefulSet/cache: varnishd is started without `-f /etc/varnish/default.vcl`", run.Error,
            StringComparison.Ordinal);
        Assert.Contains("note: StatefulSet/cache: its pods run as user and group 65532", run.Error,
            StringComparison.Ordinal);
        Assert.Equal(
            "", (await CliRun.WithInputAsync(run.Out, "inject", "-f", "-", "--policy", "shop")).Error);
    }

    [Fact]
    public async Task Other_documents_and_containers_stay_as_they_are()
    {
        var run = await CliRun.WithInputAsync(
            "{apiVersion: v1, kind: Service, metadata: {name: cache}, spec: {ports: [{port: 80}]}}\n---\n"
                + Workload("command: [varnishd]"),
            "inject", "-f", "-", "--policy", "shop");

        Assert.StartsWith("apiVersion: v1\nkind: Service\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("image: exporter:1", run.Out, StringComparison.Ordinal);
        Assert.Contains("key: shop.crt", run.Out, StringComparison.Ordinal);
        // Of the workload, not of its pods: by it the webhook knows whose rollouts to judge.
        Assert.Single(run.Out.Split("cachepolicy.dev/cache: \"true\"")[1..]);
        Assert.Single(run.Out.Split("readinessGates"),
            part => part.Contains("cachepolicy.dev/proven", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("command: [sh, -c, 'exec varnishd -F -a :80']", "started by a shell")]
    [InlineData("command: [varnishd]\n          ports: [{containerPort: 8443}]", "port 8443")]
    [InlineData("command: [varnishd]\n        - {name: other, image: varnish:1}", "`--container`")]
    public async Task What_cannot_be_changed_is_told_with_the_remedy(string given, string told)
    {
        var run = await CliRun.WithInputAsync(Workload(given), "inject", "-f", "-", "--policy", "shop");

        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_workload_nothing_is_printed()
    {
        var run = await CliRun.WithInputAsync("{apiVersion: v1, kind: Service, metadata: {name: cache}}", "inject",
            "-f", "-", "--policy", "shop");

        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains("no Deployment and no StatefulSet", run.Error, StringComparison.Ordinal);
    }

    private static string Workload(string given) =>
        $$"""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: cache}
        spec:
          selector: {matchLabels: {app: cache} }
          template:
            metadata: {labels: {app: cache} }
            spec:
              containers:
                - {name: metrics, image: "exporter:1"}
                - name: varnish
                  image: varnish:7.7
                  {{given}}
        """;

    private static string Command(string manifest)
    {
        var lines = manifest.Split('\n').Select(l => l.Trim()).SkipWhile(l => l != "command:").Skip(1);
        return string.Join(' ',
            lines.TakeWhile(l => l.StartsWith("- ", StringComparison.Ordinal)).Select(l => l[2..].Trim('"')));
    }
}
