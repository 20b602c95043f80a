using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using CachePolicyOperator.Agent.Acts;

namespace CachePolicyOperator.Agent.Varnish;

/// <summary>
/// varnishd through its command line: two connections, so that a switch does not queue behind our loads and looks.
/// </summary>
internal sealed partial class VarnishCli(CliEndpoint endpoint, IFailPoints failPoints, TimeProvider time)
    : IVarnish, IDisposable
{
    private readonly CliClient _switching = new(endpoint, time);
    private readonly CliClient _other = new(endpoint, time);

    public async Task<string> EngineVersionAsync(CancellationToken cancellationToken)
    {
        var banner = await AskAsync(CliText.Command("banner"), cancellationToken);
        return VersionIn(banner.Text)
            ?? throw new VarnishUnavailableException("the banner of varnishd names no version");
    }

    public async Task<bool> ServesAsync(CancellationToken cancellationToken) =>
        // On the connection that switches, so that it is open and tried when it is needed.
        (await _switching.SendAsync(CliText.Command("status"), CliClient.Quick, cancellationToken))
            .Text.Contains("state running", StringComparison.Ordinal);

    public async Task<IReadOnlyList<VclEntry>> ListAsync(CancellationToken cancellationToken) =>
        VclEntry.ReadAll((await AskAsync(CliText.Command("vcl.list -j"), cancellationToken)).Body);

    public async Task<byte[]?> ShowAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await AskAsync(CliText.Command("vcl.show", name), cancellationToken)).Body;
        }
        catch (CliRefusedException e) when (e.Status != CliReply.Truncated)
        {
            return null;
        }
    }

    public async Task<VarnishParameter> ParameterAsync(string name, CancellationToken cancellationToken) =>
        VarnishParameter.Read((await AskAsync(CliText.Command("param.show", name), cancellationToken)).Text);

    public async Task LoadAsync(string name, string text, CancellationToken cancellationToken)
    {
        // Also the way out where the answer to vcl.inline was lost: the name is the digest, so what is there is what
        // was sent.
        if (await HoldsAsync(name, text, cancellationToken))
        {
            return;
        }

        failPoints.Before($"vcl.inline {name}");
        try
        {
            var command = CliText.Command("vcl.inline", name, text, "warm");
            await _other.SendAsync(command, CliClient.Compile, cancellationToken);
        }
        catch (CliRefusedException)
        {
            if (!await HoldsAsync(name, text, cancellationToken))
            {
                throw;
            }
        }

        failPoints.After($"vcl.inline {name}");
    }

    public async Task UseAsync(string name, CancellationToken cancellationToken)
    {
        failPoints.Before($"vcl.use {name}");
        await _switching.SendAsync(CliText.Command("vcl.use", name), CliClient.Switch, cancellationToken);
        failPoints.After($"vcl.use {name}");
    }

    public async Task DiscardAsync(string name, CancellationToken cancellationToken)
    {
        if (!(await ListAsync(cancellationToken)).Any(v => v.Name == name && !v.IsDiscarded))
        {
            return;
        }

        failPoints.Before($"vcl.discard {name}");
        await AskAsync(CliText.Command("vcl.discard", name), cancellationToken);
        failPoints.After($"vcl.discard {name}");
    }

    public async Task BanAsync(IReadOnlyList<string> ban, CancellationToken cancellationToken)
    {
        failPoints.Before("ban");
        await _switching.SendAsync(CliText.Command("ban", [.. ban]), CliClient.Switch, cancellationToken);
        failPoints.After("ban");
    }

    public async Task<IReadOnlyList<BanEntry>> BansAsync(CancellationToken cancellationToken) =>
        BanEntry.ReadAll((await AskAsync(CliText.Command("ban.list"), cancellationToken)).Text);

    public async Task<IReadOnlyList<IPEndPoint>> AddressesAsync(CancellationToken cancellationToken) =>
        ListenAddress.ReadAll((await AskAsync(CliText.Command("debug.listen_address"), cancellationToken)).Text);

    public async Task SetParameterAsync(string name, string value, CancellationToken cancellationToken)
    {
        failPoints.Before($"param.set {name}");
        await AskAsync(CliText.Command("param.set", name, value), cancellationToken);
        failPoints.After($"param.set {name}");
    }

    public void Dispose()
    {
        _switching.Dispose();
        _other.Dispose();
    }

    private async Task<bool> HoldsAsync(string name, string text, CancellationToken cancellationToken)
    {
        var entry = (await ListAsync(cancellationToken)).FirstOrDefault(v => v.Name == name && !v.IsDiscarded);
        if (entry is null)
        {
            return false;
        }

        if (await ShowAsync(name, cancellationToken) is { } held
            && !held.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(text)))
        {
            // Somebody took our name for another text. Never ours to serve with, whatever it is.
            await DiscardAsync(name, cancellationToken);
            return false;
        }

        if (!entry.IsWarm)
        {
            failPoints.Before($"vcl.state {name}");
            await AskAsync(CliText.Command("vcl.state", name, "warm"), cancellationToken);
            failPoints.After($"vcl.state {name}");
        }

        return true;
    }

    /// <summary>
    /// The version that a banner names; null where it names none. Two projects count on from 9.0, and a proof for
    /// Vinyl Cache is none for the other: its version has its name before it, and is no version that a proof is about.
    /// </summary>
    internal static string? VersionIn(string banner)
    {
        var match = VersionInBanner().Match(banner);
        var (project, version) = (match.Groups[1].Value, match.Groups[2].Value);
        return !match.Success ? null
            : project == "vinyl-cache" || (project == "varnish" && version is [< '9', '.', ..]) ? version
            : $"{project}-{version}";
    }

    private Task<CliReply> AskAsync(byte[] command, CancellationToken cancellationToken) =>
        _other.SendAsync(command, CliClient.Quick, cancellationToken);

    // "varnish-7.1.1 revision …", "vinyl-cache-9.0.1 revision …"
    [GeneratedRegex(@"^([a-z-]+)-(\d+\.\d+(?:\.\d+)?)\b.* revision", RegexOptions.Multiline)]
    private static partial Regex VersionInBanner();
}
