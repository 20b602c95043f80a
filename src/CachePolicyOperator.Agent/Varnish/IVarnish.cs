using System.Net;
using CachePolicyOperator.Agent.Acts;

namespace CachePolicyOperator.Agent.Varnish;

/// <summary>
/// Everything the agent asks of varnishd and does to it. Every act can be done twice with the effect of once, and
/// passes the <see cref="IFailPoints"/>.
/// </summary>
internal interface IVarnish
{
    /// <summary>Version of the running varnishd, for example <c>7.1.1</c>.</summary>
    Task<string> EngineVersionAsync(CancellationToken cancellationToken);

    /// <summary>Whether the process that serves requests is running.</summary>
    Task<bool> ServesAsync(CancellationToken cancellationToken);

    Task<IReadOnlyList<VclEntry>> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The text that <paramref name="name"/> was loaded from, byte by byte; null where there is no such VCL.
    /// </summary>
    Task<byte[]?> ShowAsync(string name, CancellationToken cancellationToken);

    Task<VarnishParameter> ParameterAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// Compiles the text under <paramref name="name"/> and keeps it warm. The name must be made of the text's digest.
    /// </summary>
    Task LoadAsync(string name, string text, CancellationToken cancellationToken);

    /// <summary>
    /// New requests are served with <paramref name="name"/> when this returns. Queues behind no load or look of ours;
    /// varnishd itself answers no one while it compiles.
    /// </summary>
    Task UseAsync(string name, CancellationToken cancellationToken);

    Task DiscardAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// Whatever is stored and matches is invalid for every lookup that begins after this returns. Queues behind no load
    /// or look of ours.
    /// </summary>
    Task BanAsync(IReadOnlyList<string> ban, CancellationToken cancellationToken);

    /// <summary>The bans that varnishd has not worked off yet, the oldest last.</summary>
    Task<IReadOnlyList<BanEntry>> BansAsync(CancellationToken cancellationToken);

    /// <summary>Where varnishd answers clients over TCP; on loopback where it listens on every address.</summary>
    Task<IReadOnlyList<IPEndPoint>> AddressesAsync(CancellationToken cancellationToken);

    Task SetParameterAsync(string name, string value, CancellationToken cancellationToken);
}
