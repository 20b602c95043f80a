using System.Text.Json;
using CachePolicyOperator.Cli.Commands;
using CachePolicyOperator.Cli.Inputs;
using CachePolicyOperator.Cli.Output;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Cli.Tests.Vcl;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Cli.Tests.Replay;

/// <summary>Witnesses, played in a real varnishd.</summary>
public sealed class ReplayTests
{
    private const string Head = "vcl 4.1;\nimport std;\nbackend default { .host = \"192.0.2.1\"; }\n";

    private const string Receive = """
        sub vcl_recv {
            std.collect(req.http.Cookie, "; ");
            if (req.method != "GET" && req.method != "HEAD") { return (pass); }
            if (req.http.Authorization || req.http.X-Api-Key) { return (pass); }
            if (req.url ~ "^/static/[a-z0-9/]*\.(css|js)$") {
                unset req.http.Cookie;
                return (hash);
            }
            return (pass);
        }

        """;

    [Fact]
    public async Task One_visitor_is_served_the_page_of_another_and_the_conversation_shows_it()
    {
        var run = await VclText.VerifyAsync(VclText.Leaking, "--replay");

        Assert.Equal(("", 1), (run.Error, run.ExitCode));
        var replay =
            run.Out[run.Out.IndexOf("replay of personal/cacheable at stdin:7:9 in ", StringComparison.Ordinal)..];
        Assert.Contains("  alice  > GET /mypage\n", replay, StringComparison.Ordinal);
        Assert.Contains("  origin < GET /mypage HTTP/1.1\n", replay, StringComparison.Ordinal);
        Assert.Contains("  origin was not asked\n  bob    < page 2, 200, Age: ", replay, StringComparison.Ordinal);
        Assert.Contains("  it leaks: bob was served the page that the origin made for alice\n", replay,
            StringComparison.Ordinal);
        Assert.DoesNotContain("did NOT leak", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("key/unkeyed-input", Receive + "sub vcl_hash { hash_data(req.url); return (lookup); }")]
    [InlineData("key/unkeyed-input", Receive + "sub vcl_hash { hash_data(req.http.host); return (lookup); }")]
    [InlineData("identity/unkeyed",
        "sub vcl_recv { set req.http.X-C = req.http.Cookie; }" + Receive
        + "sub vcl_backend_fetch { set bereq.http.Cookie = bereq.http.X-C; }")]
    [InlineData("identity/unkeyed",
        """sub vcl_recv { if (req.http.Cookie ~ "session=") { return (pass); } return (hash); }""")]
    [InlineData("response/stored-private",
        Receive + "sub vcl_backend_response { set beresp.ttl = 60s; return (deliver); }")]
    [InlineData("response/stored-private", Receive + "sub vcl_backend_response { unset beresp.http.Cache-Control; }")]
    public async Task Every_witness_of_the_property_leaks_in_varnishd(string code, string vcl)
    {
        var run = await VclText.VerifyAsync(Head + vcl, "--replay");

        Assert.Equal(("", 1), (run.Error, run.ExitCode));
        Assert.Contains($"replay of {code} at ", run.Out, StringComparison.Ordinal);
        Assert.Contains("it leaks: ", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("did NOT leak", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_page_for_two_visitors_is_no_leak_where_the_origin_would_be_asked_the_same_for_both()
    {
        var run = await VclText.VerifyAsync(Head + Receive + """sub vcl_backend_fetch { set bereq.url = "/mypage"; }""",
            "--replay");

        Assert.Equal(("", 1), (run.Error, run.ExitCode));
        Assert.Contains("not shown here: one page is served to both visitors", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("it leaks: ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_witness_that_does_not_leak_is_told_loudly_as_our_mistake()
    {
        // What a verifier with a bug would say of a VCL that is safe.
        var wrong =
            Diagnostic.Error("personal/cacheable", "default.vcl:1:1", "it leaks", witness: Witness.Get("/mypage"));

        var (exitCode, output) = await ReplayAsync(VclText.Safe, wrong);

        Assert.Equal(4, exitCode);
        Assert.Contains("the witness did NOT leak in varnishd: this is a bug of the verifier, please report", output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_identity_that_the_origin_does_not_see_has_not_leaked()
    {
        var wrong = Diagnostic.Error("identity/unkeyed", "default.vcl:1:1", "it leaks",
            witness: Witness.Get("/static/a.css", new HeaderField("Proxy-Authorization", "Basic 1")));

        var (exitCode, _) = await ReplayAsync(Head + Receive, wrong);

        Assert.Equal(4, exitCode);
    }

    [Fact]
    public async Task Backends_probes_directors_and_included_files_lead_to_the_origin_of_the_replay()
    {
        using var directory = new ScratchDirectory();
        var top = directory.Write("default.vcl", """
            vcl 4.1;
            import directors;
            include "./backends.vcl";
            sub vcl_init { new pool = directors.round_robin(); pool.add_backend(one); pool.add_backend(two); }
            sub vcl_recv { set req.backend_hint = pool.backend(); return (hash); }
            """);
        directory.Write("backends.vcl", """
            probe alive { .url = "/alive"; .interval = 1s; }
            backend one { .host = "192.0.2.1"; .probe = alive; .first_byte_timeout = 1s; }
            backend two { .host = "192.0.2.2"; .port = "8080"; .probe = { .url = "/"; } }
            """);

        var run = await CliRun.OfAsync("verify", "--vcl", top, "--personal", "/mypage", "--profile", "go", "--replay");

        Assert.Equal(("", 1), (run.Error, run.ExitCode));
        Assert.Contains("it leaks: ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_for_a_machine_stays_whole()
    {
        var run = await VclText.VerifyAsync(VclText.Leaking, "--replay", "-o", "json");

        using var json = JsonDocument.Parse(run.Out);
        Assert.Contains("it leaks: ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nowhere/varnishd", "`--replay` needs varnishd: there is no `/nowhere/varnishd`")]
    [InlineData("/bin/false", "varnishd does not run the VCL")]
    public async Task Without_a_varnishd_that_runs_it_the_replay_says_so(string program, string said)
    {
        var run = await CliRun.OfAsync(
            System.Text.Encoding.UTF8.GetBytes(VclText.Leaking), new() { ["VARNISHD"] = program },
            ["verify", "--vcl", "-", "--personal", "/mypage", "--profile", "go", "--replay"]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"error: {said}", run.Error, StringComparison.Ordinal);
        Assert.Contains("help: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_proven_has_nothing_to_replay()
    {
        var run = await VclText.VerifyAsync(VclText.Safe, "--replay");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("there is no witness to replay", run.Out, StringComparison.Ordinal);
    }

    private static EngineVersion Played =>
        EngineVersion.TryParse(Engine.Version, out var engine) ? engine
        : throw new InvalidOperationException(Engine.Version);

    private static async Task<(int ExitCode, string Output)> ReplayAsync(string vcl, Diagnostic diagnostic)
    {
        var question = new VclQuestion(
            PersonalLanguage.Of([new PathPrefix("/mypage")], ["go"]), new IdentityCarriers(["session"], [], []), Played,
                Strict: false);
        var input = new VclInput("default.vcl", VclParser.Parse("default.vcl", vcl), []);
        var report = new VerifyReport("default.vcl", VerdictKind.Refuted, [], [diagnostic], [], null,
            new VclExcerpts(null, question.Engine), []);
        var output = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal(() => Stream.Null, output, TextWriter.Null, false, name => name == "VARNISHD"
            ? Assets.VarnishD : null, TimeProvider.System);
        return (await new ReplayRun(input, question, true, null, output, terminal)
            .RunAsync(report, CancellationToken.None), output.ToString());
    }
}
