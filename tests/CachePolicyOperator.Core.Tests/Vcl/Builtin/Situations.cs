namespace CachePolicyOperator.Core.Tests.Vcl.Builtin;

/// <summary>
/// Everything that the built-in VCL looks at, in all combinations of the values that could matter to it.
/// </summary>
internal static class Situations
{
    private static readonly Dictionary<string, object?[]> Received = new()
    {
        ["req.method"] =
            ["GET", "HEAD", "PUT", "POST", "TRACE", "OPTIONS", "DELETE", "PATCH", "PRI", "CONNECT", "get", "GETX", ""],
        ["req.url"] = ["/", "", "*", "account"],
        ["req.http.host"] = [null, "", "www.example.com", "WWW.Example.com"],
        ["req.proto"] = ["HTTP/1.0", "HTTP/1.1", "HTTP/2.0"],
        ["req.esi_level"] = [0m, 1m],
        ["req.http.authorization"] = [null, "", "Basic x"],
        ["req.http.cookie"] = [null, "", "a=b"],
    };

    private static readonly Dictionary<string, object?[]> Fetched = new()
    {
        ["bereq.uncacheable"] = [true, false],
        ["beresp.status"] = [200m, 206m, 416m],
        ["param.uncacheable_ttl"] = [120m],
        ["beresp.ttl"] = [-1m, 0m, 10m],
        ["beresp.http.set-cookie"] = [null, "", "a=b"],
        ["beresp.http.surrogate-control"] = [null, "", "max-age=1", "no-store", "x, No-Store"],
        ["beresp.http.cache-control"] = [null, "", "max-age=1", "private", "No-Cache", "x, no-storee", "privat"],
        ["beresp.http.vary"] = [null, "", "*", "**", "Accept"],
    };

    private static readonly Dictionary<string, object?[]> Revalidated = new()
    {
        ["obj_stale.is_valid"] = [true, false],
        ["obj_stale.status"] = [200m, 404m],
        ["bereq.http.if-none-match"] = [null, "", "x"],
        ["bereq.http.if-modified-since"] = [null, "", "x"],
    };

    private static readonly Dictionary<string, object?[]> Hashed = new()
    {
        ["req.url"] = ["/x"],
        ["req.http.host"] = [null, "", "www.example.com"],
        ["server.ip"] = ["192.0.2.1"],
    };

    private static readonly Dictionary<string, object?[]> Sent = new() { ["bereq.method"] = ["GET", "HEAD", "POST"] };

    // These look at nothing.
    private static readonly string[] Others =
    [
        "vcl_hit", "vcl_miss", "vcl_pass", "vcl_pipe", "vcl_purge", "vcl_deliver", "vcl_synth", "vcl_backend_error",
            "vcl_init",
        "vcl_fini",
    ];

    public static IEnumerable<(string Subroutine, IReadOnlyDictionary<string, object?> Values)> All() =>
    [
        .. Combinations(Received).Select(v => ("vcl_recv", v)),
        .. Combinations(Hashed).Select(v => ("vcl_hash", v)),
        .. Combinations(Sent).Select(v => ("vcl_backend_fetch", v)),
        .. Combinations(Fetched).Select(v => ("vcl_backend_response", v)),
        .. Combinations(Revalidated).Select(v => ("vcl_backend_refresh", v)),
        .. Others.SelectMany(sub => Combinations([]).Select(v => (sub, v))),
    ];

    private static IEnumerable<IReadOnlyDictionary<string, object?>> Combinations(Dictionary<string, object?[]> choices)
    {
        IEnumerable<Dictionary<string, object?>> all = [[]];
        return choices.Aggregate(all, (known, choice) =>
            known.SelectMany(k => choice.Value.Select(v => new Dictionary<string, object?>(k) { [choice.Key] = v })));
    }
}
