using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Routes.Regex;

/// <summary>
/// A pattern, cut where its literal beginning ends: <c>^/list/[0-9]+</c> is the bytes <c>/list/</c>, then <c>[0-9]+</c>
/// at once. Thousands of routes differ in their beginnings only, so that what follows is compiled once.
/// </summary>
/// <param name="Literal">The bytes that every text with a match begins with; empty: the match may be anywhere.</param>
/// <param name="Before">What the last of them is to the rest.</param>
internal sealed record RegexHead(byte[] Literal, RegexNode Rest, Before Before)
{
    /// <exception cref="RegexSyntaxException">PCRE2 would refuse the pattern.</exception>
    public static RegexHead Of(string pattern) => Of(RegexParser.Parse(pattern));

    public static RegexHead Of(RegexNode node)
    {
        if (node is not RegexSequence { Parts: var parts }
            || parts.Items is not [RegexAnchor { Kind: RegexAnchorKind.Start }, ..])
        {
            return Uncut(node);
        }

        byte[] literal = [.. parts.Items.Skip(1).TakeWhile(p => p is RegexBytes { Set.Count: 1 })
            .Select(p => ((RegexBytes)p).Set.First())];
        var rest = new RegexSequence(parts.Items.Skip(1 + literal.Length).ToEquatableList());

        // What looks back further than one byte would have to see the literal.
        return literal.Length == 0 || RegexFacts.LooksBehind(rest)
            ? Uncut(node)
            : new RegexHead(literal, rest, GuardedDeterminizer.KindOf(literal[^1]));
    }

    /// <summary>What may follow the literal in a text that contains a match.</summary>
    /// <exception cref="BudgetExceededException">The automaton would be too big.</exception>
    public RegexLanguage CompileRest(Budget budget) =>
        RegexLanguage.Of(
            compiler => Literal.Length == 0 ? compiler.Containing(Rest) : compiler.Beginning(Rest, Before), budget);

    private static RegexHead Uncut(RegexNode node) => new([], node, Before.Start);
}
