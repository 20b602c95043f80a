namespace CachePolicyOperator.TestCluster;

/// <summary>How a real varnishd is started.</summary>
public sealed record VarnishOptions
{
    /// <summary>The first VCL; null starts without one (`-b none`: everything is answered 503).</summary>
    public string? Vcl { get; init; }

    /// <summary>More arguments, for example `-p`, `http_req_hdr_len=16k`.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
}
