namespace CachePolicyOperator.Core.Routes.Regex;

/// <summary>The inline options of PCRE2 that change what is matched: <c>(?imsx)</c>.</summary>
internal readonly record struct RegexOptions(
    bool IgnoreCase, bool Multiline, bool DotAll, bool Extended, bool ExtendedMore, bool NoCapture, bool Ungreedy)
{
    /// <summary>The options after a letter was set or cleared; null where PCRE2 knows no such letter.</summary>
    public RegexOptions? With(char letter, bool on) => letter switch
    {
        'i' => this with { IgnoreCase = on },
        'm' => this with { Multiline = on },
        's' => this with { DotAll = on },
        'x' => this with { Extended = on, ExtendedMore = false },
        'n' => this with { NoCapture = on },
        'U' => this with { Ungreedy = on },
        'J' => this,
        _ => null,
    };
}
