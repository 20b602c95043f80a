using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Proving;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Core.Tests.Verification.Proving;

public sealed class HandWrittenVclTests
{
    private const string Careful = """
        sub vcl_recv {
            if (req.method == "GET" && req.url ~ "^/static/[a-z]+\.css$") {
                unset req.http.Cookie;
                unset req.http.Authorization;
                return (hash);
            }
            return (pass);
        }

        """;

    [Fact]
    public void Hand_written_VCL_that_leaks_is_refuted_with_the_request_and_the_line()
    {
        var proof = Prove(Origin + "sub vcl_recv {\n    return (hash);\n}\n");

        Assert.Equal(VerdictKind.Refuted, proof.Verdict.Kind);
        Assert.Null(proof.Revision);
        var leak = proof.Verdict.Diagnostics.Items.First(d => d.Code == "personal/cacheable");
        Assert.StartsWith("hand-written/default.vcl:4:", leak.Path, StringComparison.Ordinal);
        Assert.NotNull(leak.Witness);
    }

    [Fact]
    public void Hand_written_VCL_that_is_proven_becomes_a_revision_that_ends_in_the_teams_own_words()
    {
        var proof = Prove(Origin + Careful);

        Assert.Equal(VerdictKind.Proven, proof.Verdict.Kind);
        Assert.EndsWith(Careful.TrimEnd(), proof.Revision!.Text.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal(Digest.Of(proof.Revision.Text), proof.Revision.Digest);
        Assert.Contains("personal/cacheable", proof.Revision.Proof.Properties.Items);
    }

    [Fact]
    public void A_property_that_only_warns_is_not_among_those_that_hold()
    {
        var proof = Prove(Origin
            + Careful.Replace("unset req.http.Authorization;", "set req.http.X-Trace = req.http.X-Trace;",
            StringComparison.Ordinal)
            .Replace("&& req.url", "&& !req.http.Authorization && req.url", StringComparison.Ordinal));

        Assert.Equal(VerdictKind.Proven, proof.Verdict.Kind);
        var warned = proof.Verdict.Diagnostics.Items.Select(d => d.Code).ToArray();
        Assert.NotEmpty(warned);
        Assert.Empty(proof.Revision!.Proof.Properties.Items.Intersect(warned));
    }

    [Fact]
    public void What_is_included_comes_from_the_same_ConfigMap_whatever_its_directory_was()
    {
        var proof = Prove(
            "vcl 4.1;\ninclude \"/etc/varnish/backends.vcl\";include \"./rules.vcl\";\n",
            ("backends.vcl", "vcl 4.0;\nbackend default { .host = \"storefront\"; } # the shop"),
            ("rules.vcl", Careful), ("readme.md", "no VCL at all"));

        Assert.Equal(VerdictKind.Proven, proof.Verdict.Kind);
        Assert.DoesNotContain("include", proof.Revision!.Text, StringComparison.Ordinal);
        Assert.Contains("return (hash);", proof.Revision.Text, StringComparison.Ordinal);
        var refused = Prove("vcl 4.1;\ninclude \"backends.vcl\";\n",
            ("backends.vcl", "backend default { .host = \"storefront\"; }\nsub vcl_recv { return (hash); }"));
        Assert.Contains(refused.Verdict.Diagnostics.Items, d => d.Code == "personal/cacheable"
            && d.Path.StartsWith("hand-written/backends.vcl:2:", StringComparison.Ordinal));
        var missing = Prove("vcl 4.1;\ninclude \"other.vcl\";\n");
        Assert.Contains(missing.Verdict.Diagnostics.Items, d => d.Code == "vcl/include-not-found");
        Assert.Null(missing.Revision);
    }

    [Theory]
    [InlineData("storefront")]
    [InlineData("storefront.web")]
    [InlineData("storefront.web.svc")]
    [InlineData("storefront.web.svc.cluster.local")]
    public void A_backend_that_names_the_Service_of_the_origin_gets_its_address(string host)
    {
        var vcl = $"vcl 4.1;\nbackend default {{ .host = \"{host}\"; .port = \"8080\"; }}\nbackend other {{ .host = \"storefront-2\"; }}\n"
            + Careful.Replace("unset req.http.Cookie;", "set req.backend_hint = other; unset req.http.Cookie;",
                StringComparison.Ordinal);
        var (before, after) = (Prove(vcl), Prove(vcl, "192.0.2.9"));

        Assert.Contains(".host = \"192.0.2.1\"/*origin*/; .port", before.Revision!.Text, StringComparison.Ordinal);
        Assert.Contains("\"storefront-2\"", before.Revision.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(before.Verdict.Diagnostics.Items, d => d.Code == "vcl/origin-unnamed");
        Assert.NotEqual(before.Revision.Digest, after.Revision!.Digest);
        Assert.Equal(OriginBlind.DigestOf(before.Revision.Text), OriginBlind.DigestOf(after.Revision.Text));
        Assert.NotEqual(
            OriginBlind.DigestOf(before.Revision.Text),
            OriginBlind.DigestOf(Prove(vcl.Replace("css", "js", StringComparison.Ordinal)).Revision!.Text));
    }

    [Fact]
    public void A_VCL_that_asks_others_than_the_origin_is_warned_of()
    {
        var proof = Prove("vcl 4.1;\nbackend default { .host = \"192.0.2.77\"; }\n" + Careful);

        Assert.Equal(VerdictKind.Proven, proof.Verdict.Kind);
        Assert.Contains("the Service `storefront`",
            Assert.Single(proof.Verdict.Diagnostics.Items, d => d.Code == "vcl/origin-unnamed").Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void What_varnishd_would_not_load_is_refused_with_its_line()
    {
        var proof = Prove("vcl 4.1;\nbackend default { .host = \"storefront\"; }\nsub vcl_recv { retrun (pass); }\n");

        Assert.NotEqual(VerdictKind.Proven, proof.Verdict.Kind);
        Assert.StartsWith("hand-written/default.vcl:3:", proof.Verdict.Diagnostics[0].Path, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_policy_declares_personal_is_what_the_text_is_proven_against()
    {
        var vcl = Origin
            + "sub vcl_recv {\n if (req.url ~ \"^/news/[a-z]+$\") { unset req.http.Cookie; unset "
            + "req.http.Authorization; return (hash); }\n return (pass);\n}\n";

        Assert.Equal(VerdictKind.Proven, Prove(vcl).Verdict.Kind);
        Assert.Equal(VerdictKind.Refuted, Of(vcl, APolicy.WithPersonal(new PathPrefix("/news/mine"))).Verdict.Kind);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void Personal_routes_of_other_hosts_bind_hand_written_VCL_which_answers_any_host(
        bool isHandWritten, int binding)
    {
        var policies = isHandWritten
            ? Build(APolicy.WithPersonal(new PathPrefix("/mypage")), Origin + Careful, [])
            : APolicy.WithPersonal(new PathPrefix("/mypage")).Build();
        var routes = new PersonalRoutes(
            policies.Policy.Name with { Name = "privacy" }, [new HostName("other.example.com")],
                policies.Policy.Personal);

        Assert.Equal(binding, PolicySet.Bind(policies.Policy, [routes]).Binding.Count);
        Assert.Empty(
            PolicySet.Bind(policies.Policy,
            [routes with { Name = new ResourceName("elsewhere", "privacy") }]).Binding.Items);
    }

    [Fact]
    public void A_request_is_explained_by_the_lines_of_the_teams_text()
    {
        var policies = Build(APolicy.WithPersonal(new PathPrefix("/mypage")), Origin + Careful, []);
        var target = new RenderTarget("192.0.2.1", 8080, RenderTarget.DefaultEngineVersion);

        var asset = Explainer.Explain(policies, target, new Request("GET", "/static/app.css", []));
        var page = Explainer.Explain(policies, target, new Request("GET", "/mypage", []));

        Assert.Equal("lookup", asset.Decisions[0].Decision);
        Assert.Contains(asset.Decisions[0].Reasons.Items,
            r => r.StartsWith("hand-written/default.vcl:7:", StringComparison.Ordinal));
        Assert.Equal("pass", Assert.Single(page.Decisions.Items).Decision);
    }

    private const string Origin = "vcl 4.1;\nbackend default { .host = \"storefront\"; .port = \"8080\"; }\n";

    private static Proof Prove(string vcl, params (string Key, string Text)[] included) =>
        Of(vcl, APolicy.WithPersonal(new PathPrefix("/mypage")), included);

    private static Proof Prove(string vcl, string origin) => RevisionProver.Prove(
        Build(APolicy.WithPersonal(new PathPrefix("/mypage")), vcl, []),
        new RenderTarget(origin, 8080, RenderTarget.DefaultEngineVersion));

    private static Proof Of(string vcl, APolicy policy, params (string Key, string Text)[] included) =>
        RevisionProver.Prove(
        Build(policy, vcl, included), new RenderTarget("192.0.2.1", 8080, RenderTarget.DefaultEngineVersion));

    private static PolicySet Build(APolicy policy, string vcl, (string Key, string Text)[] included) => (policy with
    {
        Vcl = new("hand-written", "default.vcl",
            included.Select(i => new KeyedText(i.Key, i.Text)).Append(new KeyedText("default.vcl", vcl))
                .ToEquatableList()),
    }).Build();
}
