using System.Collections.Immutable;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Verification.Program;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Execution;

/// <summary>
/// The summary of one way through a subroutine: the effects on one state, to be applied to every state of the same
/// <see cref="SummaryInput"/>.
/// </summary>
internal sealed class ProcedureSummary
{
    // Stands for what a variable held before, on whichever of the paths. Should it be looked at, it may be anything.
    private static readonly AnyText Before = new(Language.All, [Input.Anything], null, UnknownId.BeforeSummary);
    private static readonly AnyField FieldBefore = new(Before);

    private readonly SymbolicState _from;
    private readonly Completion _end;
    private readonly KeyValuePair<Input, InputFacts>[] _known;
    private readonly KeyValuePair<Input, Field>[] _fields;
    private readonly KeyValuePair<Input, Text>[] _strings;
    private readonly ExecutionStep[] _steps;

    /// <param name="from">What <see cref="EntryFor"/> made.</param>
    public ProcedureSummary(SymbolicState from, Completion end, ProcedureEffects effects)
    {
        (_from, _end) = (from, end);
        var state = end.State;
        _known = Changed(from.PathCondition, state.PathCondition, ImmutableHashSet<Input>.Empty, null);
        _fields = Changed(from.Fields, state.Fields, effects.Written, FieldBefore);
        _strings = Changed(from.Strings, state.Strings, effects.Written, Before);
        var steps = new Stack<ExecutionStep>();
        for (var step = state.LastStep; step is not null && !ReferenceEquals(step, from.LastStep); step = step.Before)
        {
            steps.Push(step);
        }

        _steps = [.. steps];
    }

    /// <summary>
    /// The path to walk for all that are alike: what the subroutine writes without reading it may hold something else
    /// on each of them, and must be theirs again on every way that does not write it. That holds for what none of them
    /// wrote, too: what is known of the input behind it is not the same. Only of a response, of which nothing is known
    /// yet, there is nothing to hide.
    /// </summary>
    public static SymbolicState EntryFor(IReadOnlyList<SymbolicState> alike, ProcedureEffects effects)
    {
        return alike[0] with
        {
            Fields = alike[0].Fields.SetItems(Hidden(effects.UnreadFields, p => p.Fields.Keys)
                .Select(name => KeyValuePair.Create(name, (Field)FieldBefore))),
            Strings = alike[0].Strings.SetItems(Hidden(effects.UnreadStrings, p => p.Strings.Keys)
                .Select(name => KeyValuePair.Create(name, (Text)Before))),
        };

        IEnumerable<Input> Hidden(IReadOnlyList<Input> unread, Func<SymbolicState, IEnumerable<Input>> held)
        {
            var written = alike.SelectMany(held).Where(v => v.IsOfAnswer).ToHashSet();
            return unread.Where(v => !v.IsOfAnswer || written.Contains(v));
        }
    }

    public Completion ApplyTo(SymbolicState path)
    {
        var end = _end.State;
        return _end with
        {
            State = path with
            {
                PathCondition = path.PathCondition.SetItems(_known),
                Fields = path.Fields.SetItems(_fields),
                Strings = path.Strings.SetItems(_strings),
                Assumed = end.Assumed,
                ImplicitInputs = path.ImplicitInputs.Union(end.ImplicitInputs),
                Flags = path.Flags.TryGetValue(Flag.Naming, out var naming)
                    ? end.Flags.SetItem(Flag.Naming, naming) : end.Flags.Remove(Flag.Naming),
                Key = path.Key.AddRange(end.Key.Skip(_from.Key.Count)),
                Trace = path.Trace.AddRange(end.Trace.Skip(_from.Trace.Count)),
                LastStep =
                    _steps.Aggregate(path.LastStep, (before, step) => new ExecutionStep(step.Place, step.Kind, before)),
                Approximation = path.Approximation ?? end.Approximation,
                Unknowns = end.Unknowns,
            },
        };
    }

    private static KeyValuePair<Input, T>[] Changed<T>(
        VariableMap<Input, T> from, VariableMap<Input, T> end, IReadOnlySet<Input> written, T? before)
        where T : class =>
        ReferenceEquals(from, end) && written.Count == 0
            ? []
            :
            [
                .. end.Where(e => !e.Value.Equals(before)
                    && (written.Contains(e.Key) || !from.TryGetValue(e.Key, out var held) || !held.Equals(e.Value))),
            ];
}
