namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>A value written in the VCL itself.</summary>
public abstract record Literal(SourceSpan Span) : Expression(Span);

/// <summary>A string; VCL strings have no escapes, so the value is the bytes between the quotes.</summary>
public sealed record StringLiteral(SourceSpan Span, string Value, StringForm Form) : Literal(Span);

public sealed record IntegerLiteral(SourceSpan Span, long Value) : Literal(Span);

public sealed record RealLiteral(SourceSpan Span, decimal Value) : Literal(Span);

/// <summary><c>10s</c>, <c>1.5 h</c>; <paramref name="Amount"/> may be negative.</summary>
public sealed record DurationLiteral(SourceSpan Span, decimal Amount, string Unit) : Literal(Span)
{
    public decimal Seconds => Amount * Units.SecondsIn(Unit);
}

/// <summary><c>10KB</c></summary>
public sealed record BytesLiteral(SourceSpan Span, decimal Amount, string Unit) : Literal(Span)
{
    public decimal Bytes => decimal.Truncate(Amount * Units.BytesIn(Unit));
}

public sealed record BooleanLiteral(SourceSpan Span, bool Value) : Literal(Span);

/// <summary><c>:Zm9v:</c></summary>
public sealed record BlobLiteral(SourceSpan Span, string Base64) : Literal(Span);

/// <summary>The three ways to write a string.</summary>
public enum StringForm
{
    /// <summary><c>"…"</c>, on one line.</summary>
    Quoted,

    /// <summary><c>{"…"}</c></summary>
    Braced,

    /// <summary><c>"""…"""</c></summary>
    TripleQuoted,
}
