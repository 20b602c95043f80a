using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Routes.Regex;

/// <summary>A regular expression as parsed, with case and classes already resolved to byte sets.</summary>
internal abstract record RegexNode
{
    public static RegexNode Empty { get; } = new RegexSequence([]);

    /// <summary>Matches nothing.</summary>
    public static RegexNode Fail { get; } = new RegexAlternation([]);

    /// <summary>Any bytes.</summary>
    public static RegexNode Anything { get; } = new RegexRepeat(new RegexBytes(ByteSet.All), 0, null, false);
}

/// <summary>One byte of a set.</summary>
internal sealed record RegexBytes(ByteSet Set) : RegexNode;

internal sealed record RegexSequence(EquatableList<RegexNode> Parts) : RegexNode;

internal sealed record RegexAlternation(EquatableList<RegexNode> Branches) : RegexNode;

/// <param name="Most">Null: no bound.</param>
/// <param name="Possessive">What was taken is never given back.</param>
/// <param name="Lazy">Fewer rounds are tried before more.</param>
internal sealed record RegexRepeat(
    RegexNode Body, int Least, int? Most, bool Possessive, bool Lazy = false) : RegexNode;

/// <summary>A capturing group. Only <see cref="RegexParser.ParseWithGroups"/> keeps these.</summary>
internal sealed record RegexGroup(RegexNode Body, int Number) : RegexNode;

/// <summary>The first way in which the body matches is final.</summary>
internal sealed record RegexAtomic(RegexNode Body) : RegexNode;

/// <summary>A look-ahead or look-behind.</summary>
internal sealed record RegexLook(RegexNode Body, bool Ahead, bool Negative) : RegexNode;

internal sealed record RegexAnchor(RegexAnchorKind Kind) : RegexNode;

/// <summary>
/// Something that no automaton matches exactly: every match is one of <see cref="May"/>, every match of
/// <see cref="Must"/> is one.
/// </summary>
internal sealed record RegexApproximation(RegexNode May, RegexNode Must) : RegexNode;

/// <summary>Where an anchor holds.</summary>
internal enum RegexAnchorKind
{
    /// <summary><c>^</c>, <c>\A</c>.</summary>
    Start,

    /// <summary><c>^</c> under <c>(?m)</c>.</summary>
    LineStart,

    /// <summary><c>\z</c>.</summary>
    End,

    /// <summary><c>$</c>, <c>\Z</c>: at the end, or before a newline that is last.</summary>
    EndOrFinalNewline,

    /// <summary><c>$</c> under <c>(?m)</c>.</summary>
    LineEnd,

    /// <summary><c>\b</c>.</summary>
    WordBoundary,

    /// <summary><c>\B</c>.</summary>
    NotWordBoundary,
}
