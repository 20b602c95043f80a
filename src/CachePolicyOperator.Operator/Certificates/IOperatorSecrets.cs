namespace CachePolicyOperator.Operator.Certificates;

/// <summary>What only the operator knows; null until it was read or made.</summary>
internal interface IOperatorSecrets
{
    Authority? Authority { get; }

    /// <summary>Key of the seal on what is kept in the namespaces of teams.</summary>
    byte[]? SealKey { get; }

    /// <summary>Completes when both are there.</summary>
    Task Loaded { get; }
}
