namespace CachePolicyOperator.Entities.Documents;

/// <summary>
/// How much is read before a text is refused. They bound the work that any input can cause; the largest policy that is
/// allowed (10,000 rules) stays within all of them.
/// </summary>
internal static class Limits
{
    /// <summary>A Kubernetes object holds at most 1.5 MiB in etcd.</summary>
    public const int Bytes = 2 * 1024 * 1024;

    /// <summary>Values in one text, those that an alias repeats counted again.</summary>
    public const int Nodes = 300_000;

    /// <summary>Lists and maps within each other.</summary>
    public const int Depth = 64;

    /// <summary>Documents in one text.</summary>
    public const int Documents = 1_000;
}
