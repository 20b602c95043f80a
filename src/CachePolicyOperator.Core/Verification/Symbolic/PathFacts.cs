namespace CachePolicyOperator.Core.Verification.Symbolic;

/// <summary>Names of facts that paths carry besides the variables of VCL.</summary>
internal static class PathFacts
{
    /// <summary>A source that stands for every input: a value that may come from anywhere.</summary>
    public const string Anything = "*";

    /// <summary>Flag: the response has a positive lifetime.</summary>
    public const string Fresh = "beresp.ttl>0";

    public const string Uncacheable = "beresp.uncacheable";
}
