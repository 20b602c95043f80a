using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Questions;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

/// <summary>An origin that stands in for another while that is not well.</summary>
public sealed class StandbyTests(VarnishRig rig) : IClassFixture<VarnishRig>, IAsyncLifetime
{
    private HttpOrigin? _far;
    private volatile bool _isWell = true;

    private HttpOrigin Far => _far!;

    public async Task InitializeAsync()
    {
        _far = await HttpOrigin.StartAsync(_ => OriginResponse.Text("far"));
        rig.Origin.Answer(request => request.Target == "/up" && !_isWell ? OriginResponse.Text("", 500)
            : OriginResponse.Text("near"));
    }

    public async Task DisposeAsync() => await Far.DisposeAsync();

    /// <summary>Of rules, of what no rule names, and bypassed.</summary>
    [Theory]
    [InlineData("origin probe /up every 20ms standby far", "", false)]
    [InlineData("origin probe /up every 20ms standby far", "", true)]
    [InlineData("named near PORT host near.internal probe /up every 20ms standby far", "at near", false)]
    [InlineData("named near PORT host near.internal probe /up every 20ms standby far", "at near", true)]
    public async Task While_an_origin_is_not_well_another_one_stands_in(string origin, string rule, bool isBypassed)
    {
        var policies = PolicyText.Parse(
            $"host stand.example.com\n{origin.Replace("PORT", $"{rig.Origin.Port}", StringComparison.Ordinal)}\nnamed "
                + $"far {Far.Port}\n"
            + $"rule own prefix /own pass {rule}\nrule page prefix /page ttl 10m {rule}");
        var target = PolicyText.Target(policies, rig.Origin.Port);
        await rig.Varnish.UseAsync(isBypassed ? VclRenderer.RenderBypass(policies, target)
            : VclRenderer.Render(policies, target));

        Assert.Equal("near", await AskAsync("/own"));
        Assert.Equal("near", await AskAsync("/page/1"));
        _isWell = false;
        await Eventually.TrueAsync("the other one", async _ => await AskAsync("/own") == "far");
        Assert.Equal("far", await AskAsync("/page/2"));
        Assert.Equal(isBypassed ? "far" : "near", await AskAsync("/page/1"));
        _isWell = true;
        await Eventually.TrueAsync("the first one", async _ => await AskAsync("/own") == "near");
        Assert.Equal(isBypassed ? "near" : "far", await AskAsync("/page/2"));
        Assert.All(Far.Requests,
            r => Assert.Equal(rule.Length > 0 ? "near.internal" : "stand.example.com", r.Header("Host").Single()));

        async Task<string> AskAsync(string path) =>
            (await RawHttp.SendAsync(rig.Varnish.HttpPort, "GET", path, ("Host", "stand.example.com"))).Text;
    }

    [Fact]
    public void The_bypass_with_a_standby_is_proven()
    {
        var policies = PolicyText.Parse(
            "host www.example.com\npersonal prefix /mypage\norigin probe /up every 1s standby far\nnamed far 81\nrule "
                + "page prefix /page ttl 10m");
        var text = VclRenderer.RenderBypass(policies, PolicyText.Target(policies, 80));

        var verdict = VclVerifier.Verify(
            VclParser.Parse("bypass.vcl", text),
            new VclQuestion(PersonalLanguage.Of(policies), policies.Identity, PlayedEngine.Version, Strict: true));

        Assert.True(verdict.Kind == VerdictKind.Proven, string.Join('\n', verdict.Diagnostics.Items));
    }
}
