namespace CachePolicyOperator.Core.Model;

/// <summary>
/// What an origin is asked for instead of a path and all below it: <c>/shop/x</c> as <c>/x</c>. Of whole segments.
/// </summary>
/// <param name="Prefix">The beginning that the client asks for.</param>
/// <param name="With">The beginning that the origin is asked for.</param>
public sealed record PathRewrite(string Prefix, string With);
