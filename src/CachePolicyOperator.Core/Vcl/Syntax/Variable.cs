namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>
/// A variable that varnishd knows: <c>req.url</c>, or a header, <c>req.http.Cookie</c>.
/// </summary>
/// <param name="Root">The fixed part in lower case: <c>req.url</c>, <c>req.http</c>.</param>
/// <param name="Header">The header's name as written; null where the variable is not a header.</param>
public sealed record Variable(SourceSpan Span, string Root, string? Header) : Expression(Span)
{
    /// <summary>The whole name in lower case: equal names are the same variable.</summary>
    public string Name { get; } = Header is null ? Root : $"{Root}.{Header.ToLowerInvariant()}";

    /// <summary>What the variable belongs to: <c>req</c>, <c>beresp</c>, <c>now</c>.</summary>
    public string Owner => Root.Split('.', 2)[0];
}
