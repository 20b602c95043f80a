namespace CachePolicyOperator.Entities;

/// <summary>
/// What a request may bring so that it is passed, any of it: `{name: …}`, or `{name: …, value: …}` where only some
/// values count.
/// </summary>
public sealed class BypassSpec : SpecPart
{
    /// <summary>Cookies; a `*` may end a name.</summary>
    public IList<BroughtSpec>? Cookies { get; set; }

    /// <summary>Request headers.</summary>
    public IList<BroughtSpec>? Headers { get; set; }

    /// <summary>Parameters of the query; a `*` may end a name.</summary>
    public IList<BroughtSpec>? Query { get; set; }
}

/// <summary>A cookie, header or parameter of which only some values count.</summary>
public sealed class BroughtSpec : SpecPart
{
    /// <summary>Its name.</summary>
    public string? Name { get; set; }

    /// <summary>A PCRE2 regular expression that the value must match; `^` and `$` anchor.</summary>
    public string? Value { get; set; }
}
