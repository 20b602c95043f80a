namespace CachePolicyOperator.TestCluster.Faults;

/// <summary>
/// One request as it came to the proxy, and the status that went back (0 when the connection was cut).
/// </summary>
public sealed record ProxiedRequest(string Method, string Path, string Query)
{
    public int Status { get; internal set; }

    public bool IsWatch => Query.Contains("watch=true", StringComparison.Ordinal);

    public bool IsList => Method == "GET" && !IsWatch && Query.Contains("limit=", StringComparison.Ordinal);

    /// <summary>
    /// The last part of the path: the plural of the kind in a list or watch, else the object's name or its subresource.
    /// </summary>
    public string Resource => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>The version from which a watch goes on.</summary>
    public string? ResourceVersion =>
        Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(Query).GetValueOrDefault("resourceVersion");
}
