using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>A place that was not followed exactly: more was assumed possible than is.</summary>
internal sealed record OverApproximation(SourceSpan Place, string Reason);
