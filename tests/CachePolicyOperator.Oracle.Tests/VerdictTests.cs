using System.Text.RegularExpressions;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Questions;
using CachePolicyOperator.Oracle.Fuzz;
using CachePolicyOperator.Oracle.Generate;
using CachePolicyOperator.Oracle.Judge;
using CachePolicyOperator.Oracle.Real;

namespace CachePolicyOperator.Oracle.Tests;

/// <summary>
/// Verdicts against brute force: every target over a small alphabet, by every kind of client, through real varnishd.
/// What is proven leaks none of them; the witness of what is refuted leaks.
/// </summary>
[Collection(VarnishTests.Name)]
public sealed class VerdictTests(VarnishFixture fixture)
{
    private const string Alphabet = "/ma.";
    private const int Longest = 3;
    private const int Vcls = 12;

    private static readonly PersonalLanguage Personal = PersonalLanguage.Of([new PathPrefix("/m")], ["go"]);

    private static readonly (string Name, string Value)[][] Clients =
    [
        [], [("Cookie", "sid=1")], [("Cookie", "a=1"), ("Cookie", "sid=1")], [("Authorization", "Bearer 1")],
            [("X-User", "1")],
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Nothing_of_what_is_proven_leaks_and_every_witness_of_what_is_refuted_does(int seed)
    {
        var verdicts = new List<VerdictKind>();
        for (var number = 0; number < Vcls; number++)
        {
            var vcl = Told.Vcl(Policy(new Dice((ulong)((seed * 1000) + number)), number));
            var verdict = VclVerifier.Verify(VclParser.Parse("small.vcl", vcl), Question);
            verdicts.Add(verdict.Kind);
            if (verdict.Kind == VerdictKind.Proven)
            {
                var leaks = await LeaksAsync(vcl, [.. Universe()]);
                Assert.True(leaks.Count == 0, $"proven, and {string.Join("; ", leaks.Take(1))}:\n{vcl}");
            }
            else if (verdict.Kind == VerdictKind.Refuted)
            {
                foreach (var shown in verdict.Diagnostics.Items.Where(d => d.Witness is not null
                    && d.Code is "personal/cacheable" or "identity/unkeyed"))
                {
                    var leaks = await LeaksAsync(vcl, [Of(shown.Witness!)]);
                    Assert.True(leaks.Count > 0, $"{shown.Witness} of `{shown.Code}` does not leak:\n{vcl}");
                }
            }
        }

        Assert.Contains(VerdictKind.Proven, verdicts);
        Assert.Contains(VerdictKind.Refuted, verdicts);
    }

    private const string Forget = "sub vcl_backend_fetch { unset bereq.http.X-S; }";

    // Written differently on two ways, edited on some ways of a subroutine that does not read it, and restored behind
    // that.
    private const string Stash = """
        sub vcl_hash { if (req.url ~ "a$") { set req.http.X-S = "none"; } }
        sub vcl_backend_fetch { if (bereq.http.X-S != "none") { set bereq.http.Cookie = bereq.http.X-S; } unset bereq.http.X-S; }
        """;

    private static VclQuestion Question =>
        new(Personal, new IdentityCarriers(["sid"], ["x-user"], []), Trials.Engine, Strict: false);

    // Every third is whole; of the others some guards are left out or done by half.
    private static string Policy(Dice dice, int number)
    {
        var whole = number % 3 == 0;
        string Pick(string right, params string[] wrong) => whole || dice.OneIn(2) ? right : dice.Of(wrong);
        return $$"""
            sub vcl_recv {
                if (req.http.Cookie ~ "sid=") { set req.http.X-S = req.http.Cookie; } else { set req.http.X-S = "none"; }
                {{Pick("""std.collect(req.http.Cookie, "; ");""", "")}}
                {{Pick("""if (req.method != "GET" && req.method != "HEAD") { return (pass); }""", "")}}
                {{Pick("if (req.http.Authorization || req.http.X-User) { return (pass); }", "if (req.http.Authorization) { return (pass); }", "if (req.http.X-User) { return (pass); }")}}
                {{Pick("", """set req.url = regsub(req.url, "^/a/", "/");""", """set req.url = regsub(req.url, "a", "");""")}}
                {{Pick("""if (req.url !~ "^/a") { return (pass); }""", """if (req.url ~ "^/m(/|$)") { return (pass); }""", """if (req.url ~ "/m") { return (pass); }""", """if (req.url == "/m") { return (pass); }""")}}
                {{Pick("""if (req.url ~ "[^/a-z]|/.*/") { return (pass); }""", "")}}
                {{Pick("unset req.http.Cookie;", """if (req.http.Cookie ~ "sid=") { return (pass); }""", "")}}
                unset req.http.Proxy-Authorization;
                return (hash);
            }
            sub vcl_backend_response {
                if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)private|no-store"
                    || beresp.http.Vary ~ "(?i)\*|cookie|authorization|x-user") {
                    set beresp.uncacheable = true;
                    return (deliver);
                }
            }
            {{Pick(Forget, """sub vcl_backend_fetch { set bereq.url = regsub(bereq.url, "^/a", "/m"); }""" + Forget, Stash)}}
            """;
    }

    private static IEnumerable<Exchange> Universe()
    {
        IEnumerable<string> words = [string.Empty];
        for (var length = 1; length <= Longest; length++)
        {
            words = [.. words.SelectMany(w => Alphabet.Select(c => w + c))];
            foreach (var exchange in words.SelectMany(w => Clients.Select((c, i) => Ask.For(w, c).Answered(Answer(i)))))
            {
                yield return exchange;
            }
        }
    }

    private static (string Name, string Value)[] Answer(int client) =>
        client == 2 ? [("Cache-Control", "max-age=60"), ("Set-Cookie", "sid=2")] : [("Cache-Control", "max-age=60")];

    /// <summary>What leaked, told by varnishd's log alone.</summary>
    private async Task<IReadOnlyList<string>> LeaksAsync(string vcl, Exchange[] exchanges)
    {
        Assert.Null(await fixture.Varnish.UseAsync(
            vcl.Replace(Case.Port, fixture.Varnish.OriginPort.ToString(), StringComparison.Ordinal),
                CancellationToken.None));
        var happenings = await fixture.Varnish.PlayAsync(exchanges, CancellationToken.None);
        Assert.True(happenings.IsComplete);
        return [.. new LeakJudge(Question).LeaksOf(happenings).Select(l => l.Detail)];
    }

    private static Exchange Of(Witness witness)
    {
        var target = Regex.Replace(witness.Target, "\\\\x([0-9a-f]{2})",
            m => ((char)Convert.ToByte(m.Groups[1].Value, 16)).ToString());
        var asked = Ask.For(target, [.. witness.Headers.Items.Select(h => (h.Name, h.Value))]).By(witness.Method);
        return witness.Response.Count == 0 ? asked
            : asked.Answered([.. witness.Response.Items.Select(h => (h.Name, h.Value)), ("Age", "0")]);
    }
}
