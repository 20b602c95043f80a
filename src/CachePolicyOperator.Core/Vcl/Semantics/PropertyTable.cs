namespace CachePolicyOperator.Core.Vcl.Semantics;

/// <summary>The properties of backends and probes, and what each holds.</summary>
internal static class PropertyTable
{
    public enum Holds
    {
        Text,
        Number,
        Duration,
        Blob,
        Probe,
        Lines,
        Backend,
    }

    public static IReadOnlyDictionary<string, Holds> Backend { get; } = new Dictionary<string, Holds>
    {
        ["host"] = Holds.Text,
        ["port"] = Holds.Text,
        ["path"] = Holds.Text,
        ["host_header"] = Holds.Text,
        ["authority"] = Holds.Text,
        ["connect_timeout"] = Holds.Duration,
        ["first_byte_timeout"] = Holds.Duration,
        ["between_bytes_timeout"] = Holds.Duration,
        ["wait_timeout"] = Holds.Duration,
        ["wait_limit"] = Holds.Number,
        ["max_connections"] = Holds.Number,
        ["proxy_header"] = Holds.Number,
        ["preamble"] = Holds.Blob,
        ["probe"] = Holds.Probe,
        ["via"] = Holds.Backend,
    };

    public static IReadOnlyDictionary<string, Holds> Probe { get; } = new Dictionary<string, Holds>
    {
        ["url"] = Holds.Text,
        ["request"] = Holds.Lines,
        ["expected_response"] = Holds.Number,
        ["timeout"] = Holds.Duration,
        ["interval"] = Holds.Duration,
        ["window"] = Holds.Number,
        ["threshold"] = Holds.Number,
        ["initial"] = Holds.Number,
    };
}
