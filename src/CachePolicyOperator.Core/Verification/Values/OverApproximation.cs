using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>A place where more was assumed possible than is, for it could not be followed exactly.</summary>
internal sealed record OverApproximation(SourceSpan Place, string Reason);
