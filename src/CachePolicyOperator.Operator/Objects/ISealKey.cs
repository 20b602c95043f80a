namespace CachePolicyOperator.Operator.Objects;

/// <summary>Key of the seal on what the operator keeps where others may write.</summary>
internal interface ISealKey
{
    /// <summary>Null until it was read or made.</summary>
    byte[]? SealKey { get; }

    /// <summary>Completes when it is there.</summary>
    Task Loaded { get; }

    /// <summary>It was made because there was none, and what is there is not sealed with it yet.</summary>
    bool IsSealNew { get; }
}
