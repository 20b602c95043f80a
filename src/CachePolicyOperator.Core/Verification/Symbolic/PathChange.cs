using System.Collections.Immutable;

namespace CachePolicyOperator.Core.Verification.Symbolic;

/// <summary>What a subroutine made of one path, to be made of every path of the same <see cref="Footprint"/>.</summary>
internal sealed class PathChange
{
    private readonly PathState _from;
    private readonly Outcome _end;
    private readonly KeyValuePair<string, InputFacts>[] _known;
    private readonly KeyValuePair<string, Field>[] _fields;
    private readonly KeyValuePair<string, Text>[] _strings;
    private readonly string[] _dropped;
    private readonly PathStep[] _steps;

    /// <param name="written">Every variable that the subroutine may write: it holds the same afterwards, whatever it held before.</param>
    public PathChange(PathState from, Outcome end, IReadOnlyCollection<string> written)
    {
        (_from, _end) = (from, end);
        var state = end.State;
        _known = Changed(from.Known, state.Known, []);
        _fields = Changed(from.Fields, state.Fields, written);
        _strings = Changed(from.Strings, state.Strings, written);
        _dropped = [.. written.Concat(from.Fields.Keys).Concat(from.Strings.Keys)
            .Where(n => !state.Fields.ContainsKey(n) && !state.Strings.ContainsKey(n)).Distinct(StringComparer.Ordinal)];
        var steps = new Stack<PathStep>();
        for (var step = state.LastStep; step is not null && !ReferenceEquals(step, from.LastStep); step = step.Before)
        {
            steps.Push(step);
        }

        _steps = [.. steps];
    }

    public Outcome Of(PathState path)
    {
        if (ReferenceEquals(path, _from))
        {
            return _end;
        }

        var end = _end.State;
        return _end with
        {
            State = path with
            {
                Known = path.Known.SetItems(_known),
                Fields = path.Fields.RemoveRange(_dropped).SetItems(_fields),
                Strings = path.Strings.RemoveRange(_dropped).SetItems(_strings),
                Assumed = end.Assumed,
                Flags = end.Flags,
                Key = path.Key.AddRange(end.Key.Skip(_from.Key.Count)),
                Trace = path.Trace.AddRange(end.Trace.Skip(_from.Trace.Count)),
                LastStep = _steps.Aggregate(path.LastStep, (before, step) => new PathStep(step.Place, step.Kind, before)),
                Widened = path.Widened ?? end.Widened,
                Unknowns = end.Unknowns,
            },
        };
    }

    private static KeyValuePair<string, T>[] Changed<T>(
        ImmutableDictionary<string, T> from, ImmutableDictionary<string, T> end, IReadOnlyCollection<string> written)
    {
        if (ReferenceEquals(from, end) && written.Count == 0)
        {
            return [];
        }

        var always = written as IReadOnlySet<string> ?? written.ToHashSet(StringComparer.Ordinal);
        return
        [
            .. end.Where(e => always.Contains(e.Key)
                || !from.TryGetValue(e.Key, out var before) || !EqualityComparer<T>.Default.Equals(before, e.Value)),
        ];
    }
}
