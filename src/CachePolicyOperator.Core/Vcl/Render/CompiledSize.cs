using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Routes.Regex;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// How many bytes PCRE2 makes of a pattern, at most: it refuses one of more than 64 kB, and then varnishd refuses the
/// VCL.
/// </summary>
internal static class CompiledSize
{
    /// <summary>
    /// What PCRE2 takes as Debian builds it, with links of two bytes, less what begins and ends a pattern.
    /// </summary>
    public const int Most = 65_000;

    // The codes are those of pcre2_internal.h: a class is a map of 256 bits, a group two codes with a link each and
    // perhaps a number, and codes that make it optional.
    private const int Class = 34;
    private const int Counted = 10;
    private const int Group = 12;
    private const int Branch = 3;

    private const string IgnoringCase = "(?i)";
    private const string Uncounted = "(?:";

    /// <exception cref="RegexSyntaxException">PCRE2 would refuse the pattern.</exception>
    /// <exception cref="BudgetExceededException">The pattern is longer than any that PCRE2 takes.</exception>
    // The parser keeps groups that capture, and to the size they are all alike.
    public static long Of(string pattern) => Of(RegexParser.ParseWithGroups(
        (pattern.StartsWith(IgnoringCase, StringComparison.Ordinal) ? pattern[IgnoringCase.Length..] : pattern)
            .Replace(Uncounted, "(", StringComparison.Ordinal)));

    private static long Of(RegexNode node) => node switch
    {
        RegexBytes { Set.Count: 1 or 255 or 256 } => 2,
        RegexBytes => Class,
        RegexAnchor => 1,
        RegexSequence sequence => Group + sequence.Parts.Items.Sum(Of),
        RegexAlternation alternation => Group + alternation.Branches.Items.Sum(branch => Branch + Of(branch)),
        RegexRepeat { Body: RegexBytes } repeat => Counted + Of(repeat.Body),
        RegexRepeat repeat => Times(repeat) * (Group + Group + Of(repeat.Body)),
        RegexGroup group => Group + Of(group.Body),
        RegexAtomic atomic => Group + Of(atomic.Body),
        RegexLook look => Group + Of(look.Body),
        RegexApproximation approximation => Class + Of(approximation.May),
        _ => throw new System.Diagnostics.UnreachableException(node.GetType().Name),
    };

    // A counted group is written out as often as it may come.
    private static long Times(RegexRepeat repeat) => Math.Min(Math.Max(1, repeat.Most ?? repeat.Least), Most);
}
