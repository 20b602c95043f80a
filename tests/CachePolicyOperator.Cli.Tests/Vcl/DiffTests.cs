using System.Text.Json;

namespace CachePolicyOperator.Cli.Tests.Vcl;

public sealed class DiffTests
{
    private const string Wider = "^/(static|mypage)/[a-z0-9]*\\.(css|js)$";
    private const string Narrow = "^/static/[a-z0-9]*\\.(css|js)$";

    [Fact]
    public async Task A_wider_rule_is_newly_cacheable_for_each_class_that_it_reaches()
    {
        var run = await DiffAsync(VclText.Safe, VclText.Safe.Replace(Narrow, Wider, StringComparison.Ordinal));

        Assert.Equal((3, ""), (run.ExitCode, run.Error));
        Assert.Contains("error[change/newly-cacheable]: anonymous requests became cacheable\n", run.Out,
            StringComparison.Ordinal);
        Assert.Contains("error[change/newly-cacheable]: requests with a Cookie became cacheable\n", run.Out,
            StringComparison.Ordinal);
        Assert.DoesNotContain("requests with Authorization", run.Out, StringComparison.Ordinal);
        Assert.Contains("= targets: /mypage/[0-9a-z]*\\.", run.Out, StringComparison.Ordinal);
        Assert.Contains("= for example: GET /mypage/.js\n", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("GET /static", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("no longer", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_narrower_rule_is_told_and_is_no_reason_to_stop()
    {
        var run = await DiffAsync(VclText.Safe.Replace(Narrow, Wider, StringComparison.Ordinal), VclText.Safe);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("no longer cacheable: anonymous requests\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_lost_check_of_Authorization_makes_those_requests_cacheable()
    {
        var run = await DiffAsync(VclText.Safe,
            VclText.Safe.Replace("req.http.Authorization || ", "", StringComparison.Ordinal), "-o", "json");

        Assert.Equal(3, run.ExitCode);
        using var json = JsonDocument.Parse(run.Out);
        var change = Assert.Single(json.RootElement.GetProperty("newlyCacheable").EnumerateArray());
        Assert.Equal(("change/newly-cacheable", "WithAuthorization"),
            (change.GetProperty("code").GetString(), change.GetProperty("requests").GetString()));
        Assert.StartsWith("/static/", change.GetProperty("examples")[0].GetString(), StringComparison.Ordinal);
        Assert.Empty(json.RootElement.GetProperty("noLongerCacheable").EnumerateArray());
    }

    [Theory]
    [InlineData("# a comment\n", "")]
    [InlineData("if (req.method != \"GET\" && req.method != \"HEAD\") { return (pass); }",
        "if (req.method != \"HEAD\" && req.method != \"GET\") { return (pass); }")]
    public async Task A_change_that_means_nothing_changes_nothing(string found, string replaced)
    {
        var vcl = "# a comment\n" + VclText.Safe;

        var run = await DiffAsync(vcl, vcl.Replace(found, replaced, StringComparison.Ordinal));

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal("the same requests are cacheable\n", run.Out);
    }

    [Fact]
    public async Task What_cannot_be_followed_cannot_be_compared()
    {
        var run = await DiffAsync(VclText.Safe, VclText.Safe + "\nC{ int x; }C\n");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("error[vcl/not-understood]", run.Error, StringComparison.Ordinal);
        Assert.Contains("unknown: the two cannot be compared", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_unusable()
    {
        var run = await CliRun.WithInputAsync(VclText.Safe, "diff", "-", "/nowhere/new.vcl");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("there is no such file", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Policies_are_compared_by_the_VCL_that_is_rendered_of_them()
    {
        using var directory = new ScratchDirectory();
        var policy = await File.ReadAllTextAsync(Repository.Example("storefront.yaml"));
        var old = directory.Write("old.yaml", policy);
        var next = directory.Write("new.yaml",
            policy.Replace("pathPrefix: /static, ", "pathPrefix: /stat, ", StringComparison.Ordinal));

        var same = await CliRun.OfAsync("diff", old, old);
        var refused = await CliRun.OfAsync("diff", old, Repository.Example("mistake-of-2018.yaml"));
        var changed = await CliRun.OfAsync("diff", old, next);

        Assert.Equal((0, 1), (same.ExitCode, refused.ExitCode));
        Assert.Contains("is not proven", refused.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, changed.ExitCode);
    }

    [Theory]
    [InlineData("ttl: 1h", "ttl: 2h", "")]
    [InlineData("rules: [{name: a,", "rules: [{name: own, match: {pathPrefix: /a/own}}, {name: a,",
        "no longer cacheable: anonymous requests")]
    public async Task A_policy_that_only_lasts_longer_or_is_narrower_makes_nothing_cacheable(
        string found, string replaced, string told)
    {
        const string Policy = """
            apiVersion: cachepolicy.dev/v1alpha1
            kind: CachePolicy
            metadata: {name: a}
            spec:
              hosts: [www.example.com]
              origin: {service: {name: a, port: 8080}}
              cache: {managed: {replicas: 1, storage: 64Mi}}
              entrypoints: [{service: {name: a-entry, port: 80}}]
              personal: {routes: [{pathPrefix: /mypage}], identity: {cookies: [session]}}
              rules: [{name: a, match: {pathPrefix: /a}, cache: {ttl: 1h}}]
            """;
        using var directory = new ScratchDirectory();
        var old = directory.Write("old.yaml", Policy);
        var next = directory.Write("new.yaml", Policy.Replace(found, replaced, StringComparison.Ordinal));

        var run = await CliRun.OfAsync("diff", old, next);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.DoesNotContain("newly-cacheable", run.Out, StringComparison.Ordinal);
        Assert.Contains(told, run.Out, StringComparison.Ordinal);
        Assert.Equal(told.Length > 0, run.Out.Contains("no longer cacheable", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_policy_of_many_rules_is_compared()
    {
        using var directory = new ScratchDirectory();
        var policy = await File.ReadAllTextAsync(Repository.Example("responses.yaml"));
        var old = directory.Write("old.yaml", policy);
        var next =
            directory.Write("new.yaml", policy + "    - {name: more, match: {path: /brand-new}, cache: {ttl: 1m}}\n");

        var changed = await CliRun.OfAsync("diff", old, next);

        Assert.Equal(3, changed.ExitCode);
        Assert.Contains("GET /brand-new", changed.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("vcl/too-complex", changed.Out + changed.Error, StringComparison.Ordinal);
    }

    private const string Shut = "vcl 4.1;\nbackend default { .host = \"192.0.2.1\"; }\nsub vcl_recv {\n    if "
        + "(req.http.Cookie || req.http.Authorization) { return (pass); }\n}\n";

    private static readonly string[] Asked = [
        "--personal", "/mypage", "--personal", "/orders", "--identity-cookie", "session", "--profile", "go"];

    [Fact]
    public async Task Leaks_that_went_and_came_are_told_by_the_requests_that_show_them()
    {
        var open = Shut.Replace("if (req.http.Cookie ||",
            "if (req.url ~ \"^/orders$\" && req.method == \"GET\") { unset req.http.Cookie; return (hash); }\n    if "
                + "(req.http.Cookie ||", StringComparison.Ordinal);

        var went = await DiffAsync(open, Shut, Asked);
        var came = await DiffAsync(Shut, open, [.. Asked, "-o", "json"]);
        var same = await DiffAsync(open, "# moved by a line\n" + open, Asked);

        Assert.Equal(0, went.ExitCode);
        Assert.Contains("leak went[personal/cacheable]", went.Out, StringComparison.Ordinal);
        Assert.Contains("= route: /orders\n", went.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("= route: /mypage\n", went.Out, StringComparison.Ordinal);
        Assert.Contains("= request: GET /orders", went.Out, StringComparison.Ordinal);
        Assert.Contains(" 0 leaks came, 0 leaks stayed; before: refuted, after: proven\n", went.Out,
            StringComparison.Ordinal);
        Assert.Equal(3, came.ExitCode);
        using var json = JsonDocument.Parse(came.Out);
        var leaks = json.RootElement.GetProperty("leaks");
        Assert.Contains(leaks.GetProperty("came").EnumerateArray(), l => l.GetProperty("route").GetString() == "/orders"
            && l.GetProperty("witness").GetProperty("target")
                .GetString()!.StartsWith("/orders", StringComparison.Ordinal));
        Assert.Empty(leaks.GetProperty("went").EnumerateArray());
        Assert.Equal(("Proven", "Refuted"),
            (leaks.GetProperty("before").GetString(), leaks.GetProperty("after").GetString()));
        Assert.Equal(0, same.ExitCode);
        Assert.DoesNotContain("leak went", same.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("leak came", same.Out, StringComparison.Ordinal);
        Assert.Contains("leak stayed[personal/cacheable]", same.Out, StringComparison.Ordinal);
    }

    // Both are told at the line that looks up, and one of the two is mended.
    [Fact]
    public async Task Of_two_leaks_at_one_line_the_one_that_went_is_told()
    {
        const string both = "vcl 4.1;\nbackend default { .host = \"192.0.2.1\"; }\nsub vcl_recv {\n    if (req.method "
            + "!= \"GET\") { return (pass); }\n    unset req.http.Cookie;\n    return (hash);\n}\n";
        var one = both.Replace("unset req", "if (req.url ~ \"(?i)mypage|[%;.]|//\") { return (pass); }\n    unset req",
            StringComparison.Ordinal);

        var run = await DiffAsync(both, one, Asked);

        Assert.Contains("leak went[personal/cacheable]", run.Out, StringComparison.Ordinal);
        Assert.Contains("= route: /mypage\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("leak stayed[personal/cacheable]", run.Out, StringComparison.Ordinal);
        Assert.Contains("before: refuted, after: refuted\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asks_is_said_with_what_is_personal()
    {
        var run = await DiffAsync(Shut, Shut, "--identity-cookie", "session");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("`--identity-cookie` needs `--personal`", run.Error, StringComparison.Ordinal);
    }

    private static async Task<CliRun> DiffAsync(string old, string next, params string[] more)
    {
        using var directory = new ScratchDirectory();
        return await CliRun.OfAsync(
            ["diff", directory.Write("old.vcl", old), directory.Write("new.vcl", next), .. more]);
    }
}
