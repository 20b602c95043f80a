using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Tests.Vcl.Render;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Proving;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Core.Tests.Verification.Proving;

public sealed class RevisionProverTests
{
    private static readonly RenderTarget Target = new("192.0.2.1", 8080, RenderTarget.DefaultEngineVersion);

    [Fact]
    public void A_proven_policy_becomes_a_revision_named_by_its_text()
    {
        var proof = RevisionProver.Prove(APolicy.OfTheDesign().Build(), Target);

        Assert.Equal(VerdictKind.Proven, proof.Verdict.Kind);
        Assert.Equal(Digest.Of(proof.Revision!.Text), proof.Revision.Digest);
        Assert.Contains("personal/cacheable", proof.Revision.Proof.Properties.Items);
        Assert.Equal("strict", Assert.Single(proof.Revision.Proof.OriginProfiles));
    }

    [Fact]
    public void What_only_the_text_shows_is_in_the_record()
    {
        var proof = RevisionProver.Prove(APolicy.OfTheDesign().Build(), Target);

        Assert.Empty(VclVerifier.PropertyCodes.Items.Except(proof.Revision!.Proof.Properties.Items));
    }

    // What random policies were refused for, though their models were proven.
    [Theory]
    [InlineData("rule news prefix /news origin status=301=0s query *")]
    [InlineData("rule news prefix /news ttl 1m query * bypass-query utm_*~x")]
    [InlineData("rule news prefix /news ttl 1m query * bypass-query utm_*~vq")]
    public void A_small_policy_is_proven_from_its_text(string rule)
    {
        var policies = PolicyText.Parse($"host example.com\npersonal prefix /mypage\nidentity cookie session\n{rule}");

        var proof = RevisionProver.Prove(policies, Target);

        Assert.True(proof.Verdict.Kind == VerdictKind.Proven, string.Join('\n', proof.Verdict.Diagnostics.Items));
        Assert.Contains("response/type", proof.Revision!.Proof.Properties.Items);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_text_that_caches_what_no_rule_names_is_refuted_unless_a_rule_names_the_rest(bool namesTheRest)
    {
        var policies = APolicy.OfTheDesign().Build();
        var text = Guards.Remove(VclRenderer.Render(policies, Target), "default-pass");

        var verdict = RevisionProver.ProveText(text, policies, Target, namesTheRest);

        Assert.Equal(!namesTheRest,
            verdict is { Kind: VerdictKind.Refuted }
            && verdict.Diagnostics.Items.Any(d => d.Code == "policy/default-cache"));
    }

    [Theory]
    [InlineData("7.7", true)]
    [InlineData("9.0", true)]
    [InlineData("9.1", false)]
    [InlineData("10.1", false)]
    public void Nothing_that_pods_load_is_proven_for_an_engine_that_was_not_tried(string engine, bool isTried)
    {
        var set = APolicy.OfTheDesign().Build();
        var own = new VclSource(null, "inline.vcl",
            [new KeyedText("inline.vcl",
            "vcl 4.1;\nbackend b { .host = \"storefront\"; }\nsub vcl_recv { return (pass); }\n")]);

        foreach (var policies in new[] { set, set with { Policy = set.Policy with { Rules = [], Vcl = own } } })
        {
            var proof = RevisionProver.Prove(policies, Target with { EngineVersion = engine });
            Assert.Equal(isTried, proof.Revision is not null);
            Assert.Equal(!isTried,
                proof.Verdict.Diagnostics.Items.Any(d => d is { Code: "engine/version", Severity: Severity.Error }));
        }
    }

    [Theory]
    [InlineData("6.0")]
    [InlineData("trunk")]
    public void A_text_for_an_engine_that_no_proof_could_be_about_becomes_none(string engine)
    {
        var proof = RevisionProver.Prove(APolicy.OfTheDesign().Build(), Target with { EngineVersion = engine });

        Assert.NotEqual(VerdictKind.Proven, proof.Verdict.Kind);
        Assert.Null(proof.Revision);
    }

    [Theory]
    [InlineData("7.1", true)]
    [InlineData("7.7", false)]
    [InlineData("8.0", false)]
    public void The_length_of_a_body_is_removed_as_the_engine_lets_it_be(string engine, bool byItself)
    {
        var proof = RevisionProver.Prove(APolicy.OfTheDesign().Build(), Target with { EngineVersion = engine });

        Assert.Equal(VerdictKind.Proven, proof.Verdict.Kind);
        Assert.Equal(byItself,
            proof.Revision!.Text.Contains("unset bereq.http.content-length;", StringComparison.Ordinal));
        Assert.Contains("unset bereq.body;", proof.Revision.Text, StringComparison.Ordinal);
        Assert.Empty(VclVerifier.PropertyCodes.Items.Except(proof.Revision.Proof.Properties.Items));
    }

    [Fact]
    public void An_engine_whose_body_can_be_removed_and_its_length_cannot_gets_no_proof()
    {
        var proof = RevisionProver.Prove(APolicy.OfTheDesign().Build(), Target with { EngineVersion = "7.5" });

        Assert.Contains(proof.Verdict.Diagnostics,
            d => d.Help?.Contains("`Content-Length`", StringComparison.Ordinal) == true);
        Assert.Null(proof.Revision);
    }

    [Fact]
    public void The_text_of_thousands_of_rules_that_do_the_same_is_proven()
    {
        var policy = Enumerable.Range(0, 2_000).Aggregate(
            APolicy.WithPersonal(new PathPrefix("/mypage")),
            (builder, i) =>
                builder.Caching(Duration.FromSeconds(60 + (i % 3)), i % 2 == 0 ? new PathRegex($"^/r{i}(/[0-9]+)?$")
                : (RoutePattern)new PathPrefix($"/p{i}")));

        var proof = RevisionProver.Prove(policy.Build(), Target);

        Assert.Empty(VclVerifier.PropertyCodes.Items.Except(proof.Revision!.Proof.Properties.Items));
    }

    [Fact]
    public void The_text_of_rules_that_all_have_another_lifetime_is_proven()
    {
        var policy = Enumerable.Range(0, 300).Aggregate(
            APolicy.WithPersonal(new PathPrefix("/mypage")), (builder, i) =>
                builder.Caching(Duration.FromSeconds(i + 1), new PathRegex($"^/r{i}(/[0-9]+)?$")));

        var proof = RevisionProver.Prove(policy.Build(), Target);

        Assert.Empty(VclVerifier.PropertyCodes.Items.Except(proof.Revision!.Proof.Properties.Items));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_text_of_a_thousand_rules_of_ten_settings_in_any_order_is_proven(int seed)
    {
        var random = new Random(seed);
        var policy = Enumerable.Range(0, 1_000)
            .Aggregate(APolicy.WithPersonal(new PathPrefix("/mypage")), (builder, i) =>
            builder.With(i % 4 == 0 ? new PathPrefix($"/p{i}") : new ExactPath($"/p{i}"),
                Settings[random.Next(Settings.Length)]));

        var proof = RevisionProver.Prove(policy.Build(), Target);

        Assert.Empty(proof.Verdict.Diagnostics);
        Assert.Empty(VclVerifier.PropertyCodes.Items.Except(proof.Revision!.Proof.Properties.Items));
    }

    [Fact]
    public void The_text_of_a_rule_for_one_file_that_is_named_like_an_asset_is_proven()
    {
        var policy = APolicy.WithPersonal(new PathPrefix("/mypage")).Caching(new ExactPath("/favicon.ico"))
            .Caching(new PathTemplate("/img/{name}.png"));

        Assert.Empty(RevisionProver.Prove(policy.Build(), Target).Verdict.Diagnostics);
    }

    // Lifetimes, staleness, what the origin says, queries, fields and combinations of them; one passes.
    private static Caching?[] Settings { get; } =
    [
        null,
        Cache(60), Cache(300, grace: 30), Cache(null, max: 600), Cache(null, max: 60, grace: 10),
        Cache(60, query: ["page"]), Cache(300, query: ["page"]), Cache(60, query: ["q", "page"]),
        Cache(60, headers: ["x-shop"]), Cache(10, query: ["page"], headers: ["x-shop"]),
    ];

    private static Caching Cache(
        long? ttl, long? max = null, long grace = 0, string[]? query = null, string[]? headers = null) => new(
        ttl is { } seconds ? Duration.FromSeconds(seconds) : null,
        max is { } most ? Duration.FromSeconds(most) : null,
        Duration.FromSeconds(grace),
        new CacheKey(QueryKey.Only((query ?? []).ToEquatableList()), (headers ?? []).ToEquatableList()));

    [Fact]
    public void A_refuted_policy_becomes_none()
    {
        var proof = RevisionProver.Prove(APolicy.WithPersonal(new PathPrefix("/mypage")).Caching(new PathPrefix("/"))
            .Build(), Target);

        Assert.Equal(VerdictKind.Refuted, proof.Verdict.Kind);
        Assert.Null(proof.Revision);
    }

    [Fact]
    public void Equal_policies_become_the_same_revision()
    {
        Assert.Equal(
            RevisionProver.Prove(APolicy.OfTheDesign().Build(), Target).Revision,
            RevisionProver.Prove(APolicy.OfTheDesign().Build(), Target).Revision);
    }
}
