using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Core.Tests.Verification.Leaks;

/// <summary>One real varnishd in front of one origin that repeats what it is told.</summary>
public sealed class LeakRig : IAsyncLifetime
{
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
    internal Task ServeAsync(string vcl) =>
        Varnish.UseAsync(vcl.Replace(".port = \"8080\"", $".port = \"{Origin.Port}\"", StringComparison.Ordinal));

    internal Task ForgetAsync() => Varnish.AdminAsync("ban", "obj.status", "!=", "0");
}
