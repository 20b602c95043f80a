using System.Text.Json.Serialization;

namespace CachePolicyOperator.Core.Model;

/// <summary>The service behind the cache, and how it resolves a request target.</summary>
/// <param name="Profiles">Ids of origin profiles, outermost first; never empty (<c>strict</c> is the default).</param>
public sealed record Origin(string Service, int Port, EquatableList<string> Profiles)
{
    /// <summary>The most of <see cref="Retries"/>: what proofs take varnishd to allow.</summary>
    public const int MostRetries = 4;

    /// <summary>How it is asked.</summary>
    public OriginConnection Connection { get; init; } = OriginConnection.Default;

    /// <summary>How it is found out whether it is well; null: by nothing but its answers.</summary>
    public OriginProbe? Probe { get; init; }

    /// <summary>
    /// The name of the origin that is asked while the probe finds this one not well: it answers the same. Null: none
    /// is.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Standby { get; init; }

    /// <summary>
    /// How often a GET or HEAD is asked again that the origin did not answer, or with 502, 503 or 504.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Retries { get; init; }
}

/// <summary>How long an origin is waited for, and how many of a pod's requests it gets at once.</summary>
/// <param name="MaxConnections">Null: no limit.</param>
public sealed record OriginConnection(
    Duration ConnectTimeout, Duration FirstByteTimeout, Duration BetweenBytesTimeout, int? MaxConnections)
{
    public static OriginConnection Default { get; } =
        new(Duration.FromSeconds(3), Duration.FromSeconds(60), Duration.FromSeconds(60), null);
}

/// <summary>
/// A request that a well origin answers as expected: while too few of the last ones did, it is not asked.
/// </summary>
/// <param name="Window">How many of the last answers count.</param>
/// <param name="Threshold">How many of them must be as expected.</param>
public sealed record OriginProbe(
    string Path, Duration Interval, Duration Timeout, int Window, int Threshold, int ExpectedStatus);

/// <summary>The pods that run Varnish.</summary>
public abstract record CacheWorkload;

/// <summary>
/// A workload that the team owns (<c>Deployment</c> or <c>StatefulSet</c>) and that the operator adopts.
/// </summary>
public sealed record AdoptedWorkload(string Kind, string Name) : CacheWorkload;

/// <summary>A workload that the operator owns.</summary>
/// <param name="Storage">Memory for objects as Varnish's malloc storage reads it, for example <c>256M</c>.</param>
public sealed record ManagedWorkload(int Replicas, string? Image, string Storage) : CacheWorkload
{
    /// <summary>What the team adds to its pods.</summary>
    public PodSettings Pods { get; init; } = PodSettings.None;
}

/// <summary>What clients reach, and what the fallback switches.</summary>
public abstract record Entrypoint;

/// <summary>A Service that the operator owns; its selector flips between cache and origin.</summary>
public sealed record ServiceEntrypoint(string Name, int Port) : Entrypoint;

/// <summary>An existing Ingress whose backends are rewritten.</summary>
public sealed record IngressEntrypoint(string Name) : Entrypoint;

/// <summary>An existing HTTPRoute of the Gateway API whose backends are rewritten.</summary>
public sealed record HttpRouteEntrypoint(string Name) : Entrypoint;
