namespace CachePolicyOperator.Entities;

/// <summary>The service behind the cache, and how it resolves a request target.</summary>
public class OriginSpec : SpecPart
{
    /// <summary>The Service of the origin, in the namespace of the policy.</summary>
    public ServicePortSpec? Service { get; set; }

    /// <summary>
    /// How the origin reads paths: an origin profile such as `spring5`, or a list of them, outermost first. `strict` is
    /// the default.
    /// </summary>
    public AnyForm? Profile { get; set; }

    /// <summary>How long a connection to the origin may take; `3s` unless told.</summary>
    public string? ConnectTimeout { get; set; }

    /// <summary>How long the origin may think before its answer begins; `60s` unless told.</summary>
    public string? FirstByteTimeout { get; set; }

    /// <summary>How long the origin may be silent within an answer; `60s` unless told.</summary>
    public string? BetweenBytesTimeout { get; set; }

    /// <summary>
    /// How many requests of each cache pod the origin gets at once; no limit unless told. What is beyond gets a stale
    /// copy within `grace`, or a 503.
    /// </summary>
    public long? MaxConnections { get; set; }

    /// <summary>
    /// How it is found out whether the origin is well; nothing asks unless told. While it is not, it gets no request:
    /// stale copies are served within `grace`, and all else gets a 503, or is asked of `standby`. At the level
    /// `Bypassed` nothing asks, unless there is a `standby`.
    /// </summary>
    public OriginProbeSpec? Probe { get; set; }

    /// <summary>
    /// The name of one of `spec.origins` that answers the same: it is asked while `probe` finds this one not well,
    /// cached and bypassed. What it answered is stored as this one's.
    /// </summary>
    public string? Standby { get; set; }

    /// <summary>
    /// How often a GET or HEAD is asked again where the origin did not answer, or with 502, 503 or 504: none unless
    /// told, 4 at most. Nothing has reached the client then.
    /// </summary>
    public long? Retries { get; set; }
}

/// <summary>A request that a well origin answers with one status.</summary>
public sealed class OriginProbeSpec : SpecPart
{
    /// <summary>
    /// Its path, asked for at the origin's own `host`, or else at the first of `hosts`, for example `/healthz`.
    /// </summary>
    public string? Path { get; set; }

    /// <summary>How often it is asked; `5s` unless told.</summary>
    public string? Interval { get; set; }

    /// <summary>How long an answer may take; `2s` unless told.</summary>
    public string? Timeout { get; set; }

    /// <summary>How many of the last answers count; 8 unless told, at most 64.</summary>
    public long? Window { get; set; }

    /// <summary>How many of them must be good; 3 unless told.</summary>
    public long? Threshold { get; set; }

    /// <summary>The status of a good answer; 200 unless told.</summary>
    public long? ExpectedStatus { get; set; }
}

/// <summary>A Service and one of its ports.</summary>
public sealed class ServicePortSpec : SpecPart
{
    /// <summary>Name of the Service.</summary>
    public string? Name { get; set; }

    /// <summary>Port number of the Service.</summary>
    public long? Port { get; set; }
}
