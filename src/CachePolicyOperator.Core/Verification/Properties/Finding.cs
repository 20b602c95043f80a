using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.State;

namespace CachePolicyOperator.Core.Verification.Properties;

/// <summary>A path on which a property does not hold.</summary>
/// <param name="Place">The statement that lets it through.</param>
internal sealed record Finding(
    string Code, Severity Severity, SymbolicState State, SourceSpan Place, string Message, string Help)
{
    /// <summary>It takes two requests to show it: the path, and another one with the same key.</summary>
    public bool IsOfTwo { get; init; }
}
