using System.Collections.Frozen;

namespace CachePolicyOperator.Core.Verification.Program;

/// <summary>What is known of vmods: which functions can change neither a request nor a response.</summary>
internal static class VmodFacts
{
    /// <summary>The name of vmod cookie.</summary>
    public const string Cookie = "cookie";

    /// <summary>Vmods none of whose functions, methods and constructors edit header fields, URLs or methods.</summary>
    public static FrozenSet<string> Harmless { get; } = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "directors", "blob", "proxy", "purge", "unix", "vsthrottle", "geoip2", "xkey", "basicauth", "dynamic",
        "saintmode", "digest", "accept", "querystring", "re", "re2", "jwt", "uuid", "urlcode");

    /// <summary>
    /// Vmods whose functions may answer with what another call was handed: their values may tell of anything.
    /// </summary>
    public static FrozenSet<string> Remembering { get; } = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "var", "proxy", "header", "re", "re2", "jwt");

    /// <summary>Methods of directors that change nothing.</summary>
    public static FrozenSet<string> Asking { get; } = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "backend", "key", "use", "get_by", "get_key", "get_alt", "get_warmup", "get_rampup", "get_healthy");

    /// <summary>Functions of vmod std that are called for an effect outside the request.</summary>
    public static FrozenSet<string> HarmlessStatements { get; } = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "log", "syslog", "timestamp", "set_ip_tos", "cache_req_body", "late_100_continue");
}
