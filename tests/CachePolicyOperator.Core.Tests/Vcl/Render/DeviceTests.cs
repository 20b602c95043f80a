using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

/// <summary>Pages that are made for a few classes of devices.</summary>
public sealed class DeviceTests(VarnishRig rig) : IClassFixture<VarnishRig>
{
    private const string Phone = "Mozilla/5.0 (Linux; Android 15; Pixel 9) Mobile Safari/537.36";
    private const string Tablet = "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) Mobile/15E148";
    private const string Desktop = "Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0";

    private const string Policy =
        """
        identity cookie session
        rule pages prefix /pages ttl 10m persons device=tablet~(?i)ipad|tablet,mobile~Mobi|Android=desktop
        rule news prefix /news ttl 10m persons
        """;

    [Theory]
    [InlineData(Phone, "Opera/9.80 (Android 2.3.4; Linux; Opera Mobi)", "mobile", true)]
    [InlineData(Tablet, "Some TABLET of today", "tablet", true)]
    [InlineData(Desktop, "curl/8", "desktop", true)]
    [InlineData(Desktop, null, "desktop", true)]
    [InlineData("", "mobile", "desktop", true)]
    [InlineData(Phone, Tablet, "mobile", false)]
    [InlineData(Desktop, Phone, "desktop", false)]
    public async Task Devices_of_one_class_share_a_page_that_is_made_for_it(
        string one, string? other, string told, bool shared)
    {
        var site = await rig.ServeAsync(Policy);
        site.Answers(request => site.Greeting(request).With("Vary", "User-Agent"));

        await AskAsync(site, "/pages", one);
        var second = await AskAsync(site, "/pages", other);

        Assert.Equal([told], site.Fetches[0].Header("User-Agent"));
        Assert.Equal(shared, second.IsHit());
        Assert.Equal(["User-Agent"], second.HeaderLines("Vary"));
    }

    [Fact]
    public async Task A_request_that_is_passed_has_its_own_User_Agent()
    {
        var site = await rig.ServeAsync(Policy);
        site.Answers(request => site.Greeting(request).With("Set-Cookie", "a=b"));

        await AskAsync(site, "/pages", Phone, ("Cookie", "session=1"));
        await AskAsync(site, "/pages/own", Phone, ("Cookie", "theme=dark"));

        Assert.Equal([Phone, "mobile", Phone], site.Fetches.Select(f => f.Header("User-Agent").Single()));
    }

    [Fact]
    public async Task Where_no_class_is_told_the_origin_does_not_know_the_device()
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();

        await AskAsync(site, "/news", Phone);

        Assert.True((await AskAsync(site, "/news", Desktop)).IsHit());
        Assert.Empty(site.Fetches[0].Header("User-Agent"));
    }

    [Theory]
    [InlineData("", VerdictKind.Proven)]
    [InlineData("hash_data(req.http.user-agent);", VerdictKind.Refuted)]
    public void Without_the_class_in_the_key_the_text_is_refuted(string part, VerdictKind kind)
    {
        var policies = PolicyText.Parse($"host www.example.com\n{Policy}");
        var text = VclRenderer.Render(policies, PolicyText.Target(policies, 80));
        var edited = part.Length == 0 ? text : text.Replace(part, "", StringComparison.Ordinal);

        var verdict = VclVerifier.Verify(
            VclParser.Parse("rendered.vcl", edited),
            new VclQuestion(PersonalLanguage.Of(policies), policies.Identity, PlayedEngine.Version, Strict: true));

        Assert.Equal(part.Length > 0, text != edited);
        Assert.True(kind == verdict.Kind, string.Join('\n', verdict.Diagnostics.Items));
    }

    private static Task<TestCluster.RawResponse> AskAsync(
        Site site, string target, string? agent, params (string, string)[] headers) =>
        site.GetAsync(target, agent is null ? headers : [.. headers, ("User-Agent", agent)]);
}
