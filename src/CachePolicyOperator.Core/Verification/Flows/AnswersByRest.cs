using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Flows;

/// <summary>
/// Ways to answers, told by all that decided them but who asks: whether two answers that are not the same differ by
/// that rest, and would whoever asked.
/// </summary>
internal sealed class AnswersByRest
{
    private readonly IReadOnlyList<SymbolicState> _ways;
    private readonly object[] _rests;
    private readonly string[] _answers;
    private readonly Func<Input, bool> _saysWhoAsks;
    private readonly HashSet<(string Answer, object Else, VariableMap<Input, InputFacts> Asks)> _all;

    public AnswersByRest(IReadOnlyList<SymbolicState> ways, string[] answers, Func<Input, bool> saysWhoAsks)
    {
        (_ways, _answers, _saysWhoAsks) = (ways, answers, saysWhoAsks);
        _rests = [.. ways.Select(RestOf)];
        _all = [.. Enumerable.Range(0, ways.Count).Select(i => (answers[i], _rests[i], AsksOf(ways[i])))];
    }

    /// <summary>
    /// Whether each of the two answers is also given where somebody asks as on the way of the other one, and all else
    /// is as on its own.
    /// </summary>
    public bool IsDecidedByRest(int one, int other) =>
        !_ways[one].ImplicitInputs.Any(_saysWhoAsks) && !_ways[other].ImplicitInputs.Any(_saysWhoAsks)
        && _all.Contains((_answers[other], _rests[other], AsksOf(_ways[one])))
        && _all.Contains((_answers[one], _rests[one], AsksOf(_ways[other])));

    private object RestOf(SymbolicState way) => (
        way.PathCondition.Without(_saysWhoAsks), way.Flags, way.Assumed, way.Fields, way.Strings,
        way.Key.ToEquatableList(), (way.Restarts, way.Retries), string.Join('\n', way.ImplicitInputs.Order()));

    private VariableMap<Input, InputFacts> AsksOf(SymbolicState way) =>
        way.PathCondition.Without(i => !_saysWhoAsks(i));
}
