namespace CachePolicyOperator.Core.Routes.Regex;

/// <summary>A pattern that PCRE2 refuses, or that we do; becomes a diagnostic.</summary>
internal sealed class RegexSyntaxException(int position, string message, string help) : Exception(message)
{
    /// <summary>The byte at which reading stopped, from 0.</summary>
    public int Position { get; } = position;

    public string Help { get; } = help;

    /// <summary>Surely PCRE2's refusal, in every version: varnishd does not load a VCL with the pattern.</summary>
    public bool IsOfPcre2 { get; init; }
}
