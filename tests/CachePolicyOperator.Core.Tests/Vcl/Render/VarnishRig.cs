using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

/// <summary>
/// One real varnishd in front of one scripted origin; each test takes a <see cref="Site"/> of its own on it.
/// </summary>
public sealed class VarnishRig : IAsyncLifetime
{
    private HttpOrigin? _origin;
    private VarnishInstance? _varnish;
    private readonly Dictionary<string, (string Vcl, string Host)> _served = new(StringComparer.Ordinal);
    private HttpOrigin? _another;

    public HttpOrigin Origin => _origin!;

    public VarnishInstance Varnish => _varnish!;

    public async Task InitializeAsync()
    {
        _origin = await HttpOrigin.StartAsync(_ => OriginResponse.Text("", 404));
        // A guard that is cut out may leave a sub that nothing calls.
        _varnish = await VarnishInstance.StartAsync(
            new VarnishOptions { Arguments = ["-p", "vcc_err_unref=off", "-p", "cli_timeout=120"] });
    }

    public async Task DisposeAsync()
    {
        await Varnish.DisposeAsync();
        await Origin.DisposeAsync();
        if (_another is not null)
        {
            await _another.DisposeAsync();
        }
    }

    /// <summary>
    /// Another origin, that answers with this text; one for all tests, so that policies that name its port are compiled
    /// once.
    /// </summary>
    public async Task<HttpOrigin> AnotherOriginAsync(string text)
    {
        _another ??= await HttpOrigin.StartAsync(_ => OriginResponse.Text("", 404));
        _another.Forget();
        _another.Answer(_ => OriginResponse.Text(text));
        return _another;
    }

    /// <summary>
    /// Renders the policy and serves with it, from an empty cache. The guards that are named are cut out of the VCL
    /// first: a test that then sees a leak shows what they are for.
    /// </summary>
    internal async Task<Site> ServeAsync(string policy, params string[] withoutGuards)
    {
        var key = string.Join('\n', [policy, .. withoutGuards]);
        if (_served.TryGetValue(key, out var served))
        {
            await Varnish.AdminAsync("vcl.use", served.Vcl);
        }
        else
        {
            var host = $"site{_served.Count}.example.com";
            served = (await Varnish.UseAsync(Render(policy, host, withoutGuards)), host);
            _served.Add(key, served);
        }

        await Varnish.AdminAsync("ban", "obj.status", "!=", "0");
        Origin.Forget();
        return new Site(this, served.Host);
    }

    private string Render(string policy, string host, string[] withoutGuards)
    {
        var policies = PolicyText.Parse($"host {host}\n{policy}");
        return withoutGuards.Aggregate(VclRenderer.Render(policies, PolicyText.Target(policies, Origin.Port)),
            Guards.Remove);
    }
}
