namespace CachePolicyOperator.Core.Routes.Regex;

/// <summary>What can be told from the shape of a pattern alone.</summary>
internal static class RegexFacts
{
    /// <summary>The number of bytes of every match; null where they differ or are not known.</summary>
    public static int? FixedLength(RegexNode node) => node switch
    {
        RegexBytes => 1,
        RegexAnchor or RegexLook => 0,
        RegexAtomic atomic => FixedLength(atomic.Body),
        RegexGroup group => FixedLength(group.Body),
        RegexSequence sequence => Sum(sequence.Parts.Items.Select(FixedLength)),
        RegexAlternation alternation => Same(alternation.Branches.Items.Select(FixedLength)),
        RegexRepeat { Most: { } most } repeat when most == repeat.Least =>
            FixedLength(repeat.Body) is { } length ? (int)Math.Min((long)length * most, int.MaxValue) : null,
        _ => null,
    };

    /// <summary>Whether a match depends on what stands before or after it.</summary>
    public static bool ReadsContext(RegexNode node) => Any(node, n => n is RegexAnchor or RegexLook);

    /// <summary>Whether a match depends on what stands after it.</summary>
    public static bool LooksAhead(RegexNode node) => Any(node, n => n switch
    {
        RegexLook look => look.Ahead,
        RegexAnchor anchor => anchor.Kind != RegexAnchorKind.Start,
        RegexRepeat repeat => repeat.Possessive,
        _ => false,
    });

    /// <summary>Whether a match depends on more than one byte before it.</summary>
    public static bool LooksBehind(RegexNode node) => Any(node, n => n is RegexLook { Ahead: false });

    private static bool Any(RegexNode node, Func<RegexNode, bool> wanted) => wanted(node) || node switch
    {
        RegexSequence sequence => sequence.Parts.Items.Any(p => Any(p, wanted)),
        RegexAlternation alternation => alternation.Branches.Items.Any(b => Any(b, wanted)),
        RegexRepeat repeat => Any(repeat.Body, wanted),
        RegexAtomic atomic => Any(atomic.Body, wanted),
        RegexGroup group => Any(group.Body, wanted),
        RegexLook look => Any(look.Body, wanted),
        RegexApproximation approximation => Any(approximation.May, wanted) || Any(approximation.Must, wanted),
        _ => false,
    };

    private static int? Sum(IEnumerable<int?> lengths) =>
        lengths.Aggregate((int?)0, (sum, length) => sum is { } s && length is { } l && s <= MaxLength ? s + l : null);

    private static int? Same(IEnumerable<int?> lengths) =>
        lengths.Distinct().ToArray() is [var only] ? only : null;

    private const int MaxLength = 65_535;
}
