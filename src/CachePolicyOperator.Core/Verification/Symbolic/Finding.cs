using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Verification.Symbolic;

/// <summary>A path on which a property does not hold.</summary>
/// <param name="Place">The statement that lets it through.</param>
internal sealed record Finding(
    string Code, Severity Severity, PathState State, SourceSpan Place, string Message, string Help);
