using CachePolicyOperator.Operator.Objects;

namespace CachePolicyOperator.Operator.Certificates;

/// <summary>What only the operator knows; null until it was read or made.</summary>
internal interface IOperatorSecrets : ISealKey
{
    Authority? Authority { get; }
}
