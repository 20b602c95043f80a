namespace CachePolicyOperator.TestCluster;

/// <summary>How a real varnishd is started.</summary>
public sealed record VarnishOptions
{
    /// <summary>
    /// Compiles without optimizing, in a quarter of the time: in a test, a VCL serves a handful of requests.
    /// </summary>
    public const string QuickCompiler = "cc_command=exec gcc -std=gnu99 -O0 -pthread -fpic -shared -Wl,-x -o %o %s";

    /// <summary>The first VCL; null starts without one (`-b none`: everything is answered 503).</summary>
    public string? Vcl { get; init; }

    /// <summary>More arguments, which override ours, for example `-p`, `http_req_hdr_len=16k`.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
}
