using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>A place that was not followed exactly: more was assumed possible than is.</summary>
internal sealed record Widening(SourceSpan Place, string Reason);

/// <summary>A construct whose effect cannot be bounded at all. The verdict is <see cref="VerdictKind.Unknown"/>.</summary>
internal sealed class UnsupportedVclException(SourceSpan place, string reason) : Exception(reason)
{
    public SourceSpan Place => place;
}
