namespace CachePolicyOperator.Core.Tests.Vcl.Builtin;

/// <summary>Everything that the built-in VCL looks at, in all combinations of the values that could matter to it.</summary>
internal static class Situations
{
    private static readonly Dictionary<string, object?[]> Received = new()
    {
        ["req.method"] = ["GET", "HEAD", "PUT", "POST", "TRACE", "OPTIONS", "DELETE", "PATCH", "PRI", "CONNECT", "get", "GETX", ""],
        ["req.http.host"] = [null, "", "www.example.com", "WWW.Example.com"],
        ["req.proto"] = ["HTTP/1.0", "HTTP/1.1", "HTTP/2.0"],
        ["req.esi_level"] = [0m, 1m],
        ["req.http.authorization"] = [null, "", "Basic x"],
        ["req.http.cookie"] = [null, "", "a=b"],
        ["req.url"] = ["/x"],
        ["server.ip"] = ["192.0.2.1"],
    };

    private static readonly Dictionary<string, object?[]> Fetched = new()
    {
        ["bereq.uncacheable"] = [true, false],
        ["bereq.method"] = ["GET", "POST"],
        ["beresp.status"] = [200m, 206m, 416m],
        ["beresp.ttl"] = [-1m, 0m, 10m],
        ["beresp.http.set-cookie"] = [null, "", "a=b"],
        ["beresp.http.surrogate-control"] = [null, "", "max-age=1", "no-store", "x, No-Store"],
        ["beresp.http.cache-control"] = [null, "", "max-age=1", "private", "No-Cache", "x, no-storee", "privat"],
        ["beresp.http.vary"] = [null, "", "*", "**", "Accept"],
    };

    private static readonly string[] OfFetch = ["vcl_backend_fetch", "vcl_backend_response", "vcl_backend_error"];

    private static readonly string[] OfClient =
        ["vcl_recv", "vcl_hash", "vcl_hit", "vcl_miss", "vcl_pass", "vcl_pipe", "vcl_purge", "vcl_deliver", "vcl_synth", "vcl_init", "vcl_fini"];

    public static IEnumerable<(string Subroutine, IReadOnlyDictionary<string, object?> Values)> All() =>
        (from values in Combinations(Received) from sub in OfClient select (sub, values))
        .Concat(from values in Combinations(Fetched) from sub in OfFetch select (sub, values));

    private static IEnumerable<IReadOnlyDictionary<string, object?>> Combinations(Dictionary<string, object?[]> choices)
    {
        IEnumerable<Dictionary<string, object?>> all = [[]];
        return choices.Aggregate(all, (known, choice) =>
            known.SelectMany(k => choice.Value.Select(v => new Dictionary<string, object?>(k) { [choice.Key] = v })));
    }
}
