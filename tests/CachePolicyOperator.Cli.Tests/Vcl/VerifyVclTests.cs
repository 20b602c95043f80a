using System.Text.Json;

namespace CachePolicyOperator.Cli.Tests.Vcl;

public sealed class VerifyVclTests
{
    [Fact]
    public async Task A_leak_is_shown_with_its_line_the_request_the_way_there_and_the_remedy()
    {
        var run = await VclText.VerifyAsync(VclText.Leaking);

        Assert.Equal((1, ""), (run.ExitCode, run.Error));
        Assert.Contains("""
            error[personal/cacheable]: a request to a personal route is looked up in the shared cache
              --> stdin:7:9
                |
              7 |         return (hash);
                |         ^^^^^^^^^^^^^^
              = request: GET /mypage
              =          Cookie: session=1
              = way: stdin:6:9  if (req.url ~ "^/my")
              =      stdin:7:9  return (hash);
              = help: return `pass` for personal routes before anything returns `hash`
            """.ReplaceLineEndings("\n"), run.Out, StringComparison.Ordinal);
        Assert.Contains("\nrefuted: ", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("this holds where", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("=/users/*/orders", "template: '/users/{any}/orders'")]
    [InlineData("/users/:id/orders", "regex: '^/users/[^/]+/orders(/|$)'")]
    [InlineData("/users/<id>/{order}", "template: '/users/{id}/{order}'")]
    [InlineData("/mypage$", "regex: '^/mypage$'")]
    public async Task A_personal_path_that_was_meant_as_a_pattern_is_refused_in_the_words_of_a_policy(
        string pattern, string meant)
    {
        var run = await CliRun.WithInputAsync(VclText.Safe, "verify", "--vcl", "-", "--personal", pattern);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("is taken letter by letter", run.Error, StringComparison.Ordinal);
        Assert.Contains(meant, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_star_at_the_end_is_said_in_the_words_of_a_policy()
    {
        var run = await CliRun.WithInputAsync(VclText.Safe, "verify", "--vcl", "-", "--personal", "/my*", "--personal",
            "/account");

        Assert.Equal("note: `--personal /my*` is read as `regex: ^/my`\n", run.Error);
    }

    [Fact]
    public async Task The_same_way_is_told_once()
    {
        var run = await VclText.VerifyAsync("""
            vcl 4.1; backend default { .host = "192.0.2.1"; }
            sub vcl_recv { unset req.http.Cookie; return (hash); }
            sub vcl_backend_response { return (deliver); }
            """);

        var ways = run.Out.Split('\n').Where(l => l.StartsWith("  = way: ", StringComparison.Ordinal)).ToList();
        Assert.Contains("  = way: as above", ways);
        Assert.DoesNotContain("as above", ways[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proof_says_what_it_rests_on_and_what_it_says_nothing_of()
    {
        var run = await VclText.VerifyAsync(VclText.Safe, "--varnish", "7.1", "--identity-query", "access_token");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains(
            "proven: stdin\nthis holds where\n  - Varnish 7.1 runs it\n  - the origin reads targets as `go` does\n",
            run.Out, StringComparison.Ordinal);
        foreach (var assumption in new[] { "pathPrefix /mypage", "the cookie `session`", "the header `x-api-key`",
            "the query parameter `access_token`", "`max_restarts`", "says nothing of" })
        {
            Assert.Contains(assumption, run.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task JSON_carries_place_way_and_assumptions()
    {
        using var leak = JsonDocument.Parse((await VclText.VerifyAsync(VclText.Leaking, "-o", "json")).Out);
        var told = leak.RootElement.GetProperty("diagnostics").EnumerateArray()
            .First(d => d.GetProperty("code").GetString() == "personal/cacheable");
        Assert.Equal("""{"file":"stdin","line":7,"column":9,"length":14}""", Compact(told.GetProperty("place")));
        Assert.Equal("""{"file":"stdin","line":6,"column":9,"text":"if (req.url ~ \"^/my\")"}""",
            Compact(told.GetProperty("trace")[0]));
        Assert.Equal("/mypage", told.GetProperty("witness").GetProperty("target").GetString());

        using var proof = JsonDocument.Parse((await VclText.VerifyAsync(VclText.Safe, "-o", "json")).Out);
        Assert.Equal("Proven", proof.RootElement.GetProperty("verdict").GetString());
        var assumptions = proof.RootElement.GetProperty("assumptions");
        Assert.Equal(("7.1", "pathPrefix /mypage"),
            (assumptions.GetProperty("engineVersion").GetString(),
            assumptions.GetProperty("personalRoutes")[0].GetString()));
    }

    [Fact]
    public async Task Warnings_refute_only_when_asked_to_be_strict()
    {
        var vcl = VclText.Safe.Replace("[a-z0-9]*", ".*", StringComparison.Ordinal);
        var personal = new[] { "--personal", "/never" };

        var lenient =
            await CliRun.WithInputAsync(vcl, ["verify", "--vcl", "-", .. personal, "--profile", "object-storage"]);
        var strict = await CliRun.WithInputAsync(vcl,
            ["verify", "--vcl", "-", .. personal, "--profile", "object-storage", "--strict"]);

        Assert.Contains("warning[url/ambiguous]", lenient.Out, StringComparison.Ordinal);
        Assert.Contains("error[url/ambiguous]", strict.Out, StringComparison.Ordinal);
        Assert.Equal(1, strict.ExitCode);
    }

    [Fact]
    public async Task Included_files_are_read_beside_the_file_from_vcl_path_and_by_wildcard()
    {
        using var directory = new ScratchDirectory();
        directory.Write("etc/default.vcl", """
            vcl 4.1;
            include "./backend.vcl";
            include "shared.vcl";
            include +glob "./rules.d/*.vcl";
            """);
        directory.Write("etc/backend.vcl", """backend default { .host = "192.0.2.1"; }""");
        directory.Write("lib/shared.vcl", "import std;");
        directory.Write("etc/rules.d/10-my.vcl", "sub vcl_recv {\n    return (hash);\n}\n");
        directory.Write("etc/rules.d/.hidden.vcl", "sub vcl_recv { this is no VCL");

        var run = await CliRun.OfAsync(
            "verify", "--vcl", directory.PathOf("etc/default.vcl"), "--vcl-path", directory.PathOf("lib"), "--personal",
                "/mypage", "--profile", "go");

        Assert.Equal((1, ""), (run.ExitCode, run.Error));
        Assert.Contains("error[personal/cacheable]", run.Out, StringComparison.Ordinal);
        Assert.Contains($"--> {directory.PathOf("etc/rules.d/10-my.vcl")}:2:5", run.Out, StringComparison.Ordinal);
        Assert.Contains("return (hash);\n", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/mypage", "/mypage/x", true)]
    [InlineData("=/mypage", "/mypage/x", false)]
    [InlineData("=/mypage", "/mypage", true)]
    [InlineData("/mypage", "/mypages", false)]
    [InlineData("/my*", "/mypages", true)]
    [InlineData("/users/{id}/orders", "/users/7/orders", true)]
    [InlineData("/users/{id}/orders", "/users/7/8/orders", false)]
    [InlineData("~^/fund/[0-9]+$", "/fund/7", true)]
    [InlineData("^/fund/[0-9]+$", "/fund/x", false)]
    public async Task A_personal_pattern_means_what_the_help_says(string pattern, string page, bool isPersonal)
    {
        var vcl = VclText.Safe.Replace("^/static/[a-z0-9]*\\.(css|js)$", $"^{page}$", StringComparison.Ordinal);

        var run = await CliRun.WithInputAsync(vcl, "verify", "--vcl", "-", "--personal", pattern, "--profile",
            "object-storage", "--identity-header", "X-Api-Key");

        Assert.Equal(isPersonal ? (1, true) : (0, false),
            (run.ExitCode, run.Out.Contains("error[personal/cacheable]", StringComparison.Ordinal)));
    }

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element, Json);

    private static readonly JsonSerializerOptions Json =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
