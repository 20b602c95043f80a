using System.Text;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Execution;

/// <summary>Values of the functions that rewrite a string by a pattern, and of the one that sorts a query.</summary>
internal sealed class Rewrites(Evaluator evaluator, Solver solver, Regexes regexes)
{
    /// <summary>The value of <c>regsub</c> and <c>regsuball</c>.</summary>
    public (Text Value, SymbolicState State) Substituted(SymbolicState state, FunctionCall call)
    {
        (var subject, state) = evaluator.TextOf(state, call.Arguments[0].Value);
        (var replacement, state) = evaluator.TextOf(state, call.Arguments[2].Value);
        if (call.Arguments[1].Value is StringLiteral pattern && replacement is ConstantText constant
            && regexes.MapOf(pattern.Value, constant.Value, call.Key == "regsuball") is { } map)
        {
            return (Folded(subject, map) ?? Cut(state, subject, map) ?? new MappedText(subject, map), state);
        }

        // What surely does not match stays as it is, whatever the pattern would make of something else.
        return call.Arguments[1].Value is StringLiteral unmatched
            && !regexes.LanguageOf(unmatched.Value).May.Intersects(solver.Reading(state, subject), solver.Budget)
            ? (subject, state)
            : evaluator.Unknown(state, call, subject.Taint.Concat(replacement.Taint),
                "the result of this substitution is not modelled");
    }

    private ConstantText? Folded(Text subject, TextMap map) =>
        subject is ConstantText constant
            && map.Image(Language.Literal(constant.Value), solver.Budget).OnlyWord(solver.Budget) is { } only
            ? new ConstantText(System.Text.Encoding.Latin1.GetString(only))
            : null;

    // What was cut already stays as it is, and of a path and a query that were put together, what stands before the
    // query is the path again.
    private Text? Cut(SymbolicState state, Text subject, TextMap map)
    {
        if (map.CutsAt is not { } mark)
        {
            return null;
        }

        var line = Language.OneOf(~ByteSet.Of('\n')).Star(solver.Budget);
        if (subject is MappedText { Map.CutsAt: var cut } && cut == mark)
        {
            return line.Includes(solver.Reading(state, subject), solver.Budget) ? subject : null;
        }

        if (subject is not JoinedText joined)
        {
            return null;
        }

        var tail = Language.Literal(mark.ToString()).Then(Language.All, solver.Budget);
        var before = Language.OneOf(~ByteSet.Of($"\n{mark}")).Star(solver.Budget);
        var readings = joined.Parts.Items.Select(p => solver.Reading(state, p)).ToList();
        var kept = readings.TakeWhile(r => before.Includes(r, solver.Budget)).Count();
        return kept > 0 && readings.All(r => line.Includes(r, solver.Budget))
            && readings.Skip(kept).All(r => tail.Optional(solver.Budget).Includes(r, solver.Budget))
                ? JoinedText.Of(joined.Parts.Items.Take(kept))
                : null;
    }

    /// <summary>The value of <c>std.querysort</c>.</summary>
    // A query of one line is one afterwards.
    public (Text Value, SymbolicState State) Sorted(SymbolicState state, FunctionCall call)
    {
        (var text, state) = evaluator.TextOf(state, call.Arguments[0].Value);
        return Language.OneOf(~ByteSet.Of('\n')).Star(solver.Budget)
            .Includes(solver.Reading(state, text), solver.Budget)
            ? (new MappedText(text, SortQuery(call.Span)), state)
            : evaluator.Unknown(state, call, text.Taint, "it sorts what may be more lines than one");
    }

    // Where one parameter begins as another one, or is empty, varnishd takes them for equal: their order is its own.
    private static string? Sorted(string target)
    {
        if (target.Split('?', 2) is not [var path, var query] || !query.Contains('&'))
        {
            return target;
        }

        string[] parameters = [.. query.Split('&').Order(StringComparer.Ordinal)];
        return !Ascii.IsValid(query)
            || parameters.Zip(parameters.Skip(1))
                .Any(pair => pair.Second.StartsWith(pair.First, StringComparison.Ordinal))
                ? null
                : $"{path}?{string.Join('&', parameters)}";
    }

    // Sorting parameters leaves the path as it is, and a query of one parameter; of another query nothing is claimed.
    private TextMap SortQuery(SourceSpan place)
    {
        var builder = new TransducerBuilder();
        var path = builder.AddState(accepting: true);
        var (mark, and) = (ByteSet.Of('?'), ByteSet.Of('&'));
        builder.Copy(path, ~mark, path);
        var single = builder.AddState(accepting: true);
        builder.Copy(path, mark, single);
        builder.Copy(single, ~and, single);
        var query = builder.AddState();
        var first = builder.AddState();
        var rest = builder.AddState(accepting: true);
        builder.Copy(path, mark, query);
        builder.Drop(path, mark, first);
        builder.Jump(query, first);
        builder.InsertAnyInLine(query, query);
        builder.Drop(first, ~and, first);
        builder.Drop(first, and, rest);
        builder.Drop(rest, ByteSet.All, rest);
        var relation = builder.Build();
        return new TextMap(
            TextMap.SortedQuery, relation,
            image: (targets, budget) =>
                targets.OnlyWord(budget) is { } only && Sorted(Encoding.Latin1.GetString(only)) is { } sorted
                ? Language.Literal(sorted)
                : targets.Image(relation, budget),
            why: new OverApproximation(place, "the order of query parameters after sorting is not modelled"),
            exactOn: regexes.LanguageOf(@"^[^?]*(\?[^&]*)?\z").Must);
    }
}
