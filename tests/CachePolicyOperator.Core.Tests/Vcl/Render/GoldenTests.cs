using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Questions;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

/// <summary>
/// Each case of <c>Golden/</c>: a policy in lines, a line of dashes, the VCL. <c>UPDATE_GOLDEN=1</c> rewrites them.
/// </summary>
public sealed class GoldenTests
{
    private const string Dashes = "----------\n";

    public static TheoryData<string> Cases() =>
        new(Directory.EnumerateFiles(Folder(), "*.golden").Select(Path.GetFileName).OfType<string>()
            .Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_VCL_of_a_case_is_as_written_down(string name)
    {
        var path = Path.Combine(Folder(), name);
        var (input, expected) = Read(path);
        var actual = Render(input);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, input + Dashes + actual);
            return;
        }

        Assert.True(expected == actual,
            $"{name} differs; see it with: UPDATE_GOLDEN=1 dotnet test --filter GoldenTests, then git diff\n{actual}");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Real_varnishd_compiles_a_case(string name)
    {
        await Compiler.CompileAsync(Render(Read(Path.Combine(Folder(), name)).Input));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_text_of_a_case_is_proven(string name)
    {
        var (input, _) = Read(Path.Combine(Folder(), name));
        var policies = PolicyText.Parse(input);
        var question =
            new VclQuestion(PersonalLanguage.Of(policies), policies.Identity, PlayedEngine.Version, Strict: true);

        var verdict = VclVerifier.Verify(VclParser.Parse(name, Render(input)), question);

        Assert.True(verdict.Kind == VerdictKind.Proven, string.Join('\n', verdict.Diagnostics.Items));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_text_of_a_case_is_not_proven_for_routes_that_it_caches(string name)
    {
        var (input, _) = Read(Path.Combine(Folder(), name));
        var policies = PolicyText.Parse(input);
        var personal =
            PersonalLanguage.Of([new PathPrefix("/static"), new PathPrefix("/funds"), new PathPrefix("/news")], ["go"]);
        var text = Render(input);

        var verdict = VclVerifier.VerifySafety(
            VclParser.Parse(name, text),
            new VclQuestion(personal, policies.Identity, PlayedEngine.Version,
                Strict: false)
            { CountsAnonymous = true });

        Assert.Equal(
            name is "storefront.golden" or "shop.golden" or "matches.golden" or "responses.golden" or "origins.golden" or "devices.golden" or "standby.golden" or "fragments.golden"
                or "led-elsewhere.golden", verdict.Kind != VerdictKind.Proven);
    }

    // Each is what alone keeps one property; the others stand behind something else that keeps the same.
    [Theory]
    [InlineData("canonical-url", "url/ambiguous")]
    [InlineData("default-pass", "policy/default-cache")]
    [InlineData("key", "key/unkeyed-input")]
    [InlineData("anonymous", "identity/unkeyed")]
    [InlineData("set-cookie", "response/stored-private")]
    [InlineData("cache-control", "response/stored-private")]
    [InlineData("targeted-control", "response/stored-private")]
    [InlineData("vary", "response/stored-private")]
    [InlineData("status", "response/status")]
    [InlineData("content-type", "response/type")]
    [InlineData("explicit-lifetime", "response/not-uncacheable")]
    [InlineData("stale", "response/invented-ttl")]
    public void Without_a_guard_the_text_is_refuted(string guard, string code)
    {
        var (input, _) = Read(Path.Combine(Folder(), "storefront.golden"));
        var policies = PolicyText.Parse(input);
        var text = Regex.Replace(Render(input), $" *# guard:{guard}\n.*?# end:{guard}\n", "", RegexOptions.Singleline);
        var personal = PersonalLanguage.Of(policies.PersonalRoutes.Select(r => r.Pattern), ["go"]);

        var verdict = VclVerifier.Verify(
            VclParser.Parse("storefront.vcl", text),
                new VclQuestion(personal, policies.Identity, PlayedEngine.Version, Strict: true));

        Assert.Equal(VerdictKind.Refuted, verdict.Kind);
        Assert.Contains(verdict.Diagnostics, d => d.Code == code);
    }

    [Theory]
    [InlineData(@" *# guard:page-in-query\n.*?# end:page-in-query\n", "", "personal/cacheable")]
    [InlineData(@"hash_data\(req\.http\.accept-language\);", "", "key/unkeyed-input")]
    [InlineData(@"hash_data\(req\.http\.cookie\);", "", "identity/unkeyed")]
    [InlineData(@"hash_data\(req\.url\);", "hash_data(req.http.X-CachePolicy-Path);", "key/unkeyed-input")]
    public void Without_a_part_the_text_of_the_shop_is_not_proven(string part, string instead, string code)
    {
        var (input, _) = Read(Path.Combine(Folder(), "shop.golden"));
        var policies = PolicyText.Parse(input);
        var text = Regex.Replace(Render(input), part, instead, RegexOptions.Singleline);

        var verdict = VclVerifier.Verify(
            VclParser.Parse("shop.vcl", text),
            new VclQuestion(PersonalLanguage.Of(policies), policies.Identity, PlayedEngine.Version, Strict: true));

        Assert.NotEqual(VerdictKind.Proven, verdict.Kind);
        Assert.Contains(verdict.Diagnostics,
            d => d.Code == code || d.Message.Contains($"`{code}` cannot be decided", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_the_field_in_the_key_that_a_rule_is_matched_by_the_text_is_not_proven()
    {
        var (input, _) = Read(Path.Combine(Folder(), "matches.golden"));
        var policies = PolicyText.Parse(input);
        var text = Render(input).Replace("hash_data(req.http.accept-language);", "", StringComparison.Ordinal);

        var verdict = VclVerifier.Verify(
            VclParser.Parse("matches.vcl", text),
            new VclQuestion(PersonalLanguage.Of(policies), policies.Identity, PlayedEngine.Version, Strict: true));

        Assert.NotEqual(VerdictKind.Proven, verdict.Kind);
    }

    [Fact]
    public async Task Real_varnishd_compiles_the_bypass_for_every_kind_of_host()
    {
        foreach (var host in new[] { "127.0.0.1", "::1", "localhost" })
        {
            await Compiler.CompileAsync(
                VclRenderer.RenderBypass(PolicyText.Plain, new RenderTarget(host, 8080, Engine.Version)));
        }
    }

    private static string Render(string input)
    {
        var policies = PolicyText.Parse(input);
        return VclRenderer.Render(policies, PolicyText.Target(policies, 8080));
    }

    private static (string Input, string Expected) Read(string path)
    {
        var parts = File.ReadAllText(path).Split(Dashes, 2);
        return (parts[0], parts.Length > 1 ? parts[1] : "");
    }

    // The folder in the source tree, so that rewriting rewrites what is committed.
    private static string Folder([CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "Golden");
}
