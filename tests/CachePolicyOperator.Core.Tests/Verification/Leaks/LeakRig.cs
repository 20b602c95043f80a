using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Core.Tests.Verification.Leaks;

/// <summary>One real varnishd in front of one origin that repeats what it is told.</summary>
public sealed class LeakRig : IAsyncLifetime
{
    private readonly Dictionary<string, string> _loaded = new(StringComparer.Ordinal);
    private VarnishInstance? _varnish;

    internal EchoOrigin Origin { get; } = new();

    internal VarnishInstance Varnish => _varnish!;

    public async Task InitializeAsync() =>
        _varnish = await VarnishInstance.StartAsync(new VarnishOptions { Arguments = ["-p", "cli_timeout=120"] });

    public async Task DisposeAsync()
    {
        await Varnish.DisposeAsync();
        await Origin.DisposeAsync();
    }

    /// <summary>Serves with a VCL of the fixtures, with the origin for its backend.</summary>
    internal async Task ServeAsync(string vcl)
    {
        if (_loaded.TryGetValue(vcl, out var name))
        {
            await Varnish.AdminAsync("vcl.use", name);
        }
        else
        {
            _loaded.Add(vcl,
                await Varnish.UseAsync(
                vcl.Replace(".port = \"8080\"", $".port = \"{Origin.Port}\"", StringComparison.Ordinal)));
        }
    }

    internal Task ForgetAsync() => Varnish.AdminAsync("ban", "obj.status", "!=", "0");
}
