using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Core.Tests.Verification.Confirming;

public sealed class TracePrinterTests
{
    private const string Vcl = """
        vcl 4.1;
        backend default { .host = "192.0.2.1"; }
        sub vcl_recv {
            if (req.url ~ "^/never") { return (pass); }
            if (req.http.Authorization) { return (pass); }
            if (req.url ~ "^/my") {
                unset req.http.Cookie;
                return (hash);
            }
            return (pass);
        }
        """;

    private static readonly VclQuestion Question = new(
        PersonalLanguage.Of([new PathPrefix("/mypage")], ["go"]), new IdentityCarriers(["session"], [], []),
            new EngineVersion(7, 1), Strict: false);

    [Fact]
    public void A_leak_tells_its_place_and_the_statements_that_led_there()
    {
        var leak = Verify().First(d => d.Code == "personal/cacheable");

        Assert.Equal(new SourcePlace("default.vcl", 8, 9, "return (hash);".Length), leak.Place);
        Assert.Equal(["""if (req.url ~ "^/my")""", "unset req.http.Cookie;", "return (hash);"],
            leak.Trace.Items.Select(s => s.Text));
        Assert.Contains(", by way of default.vcl:6:9, default.vcl:7:9 [personal/cacheable]", leak.ToString(),
            StringComparison.Ordinal);
        Assert.Equal([6, 7, 8], leak.Trace.Items.Select(s => s.Place.Line));
    }

    [Fact]
    public void A_leak_of_a_private_answer_tells_what_the_origin_sent()
    {
        var leak = Verify("""sub vcl_backend_response { set beresp.ttl = 60s; return (deliver); }""")
            .First(d => d.Code == "response/stored-private"
                && d.Message.Contains("Set-Cookie", StringComparison.Ordinal));

        Assert.Equal([new HeaderField("Set-Cookie", "session=1; Path=/")], leak.Witness!.Response);
    }

    [Fact]
    public void What_was_assumed_names_version_profile_routes_and_what_no_property_covers()
    {
        var assumed = ProofAssumptions.Of(Question);

        Assert.Equal(("7.1", 4, 4), (assumed.EngineVersion, assumed.MaxRestarts, assumed.MaxRetries));
        Assert.Equal(["go"], assumed.OriginProfiles);
        Assert.Equal(["pathPrefix /mypage"], assumed.PersonalRoutes);
        Assert.Equal(["session"], assumed.Identity.Cookies);
        Assert.Empty(assumed.NotChecked.Items.Intersect(VclVerifier.PropertyCodes.Items));
    }

    private static EquatableList<Diagnostic> Verify(string more = "") =>
        VclVerifier.Verify(VclParser.Parse("default.vcl", $"{Vcl}\n{more}"), Question).Diagnostics;
}
