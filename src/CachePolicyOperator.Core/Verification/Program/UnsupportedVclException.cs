using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Verification.Program;

/// <summary>
/// A construct whose effect cannot be bounded at all. The verdict is <see cref="VerdictKind.Unknown"/>.
/// </summary>
internal sealed class UnsupportedVclException(SourceSpan place, string reason) : Exception(reason)
{
    public SourceSpan Place => place;
}
