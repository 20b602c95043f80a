using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Execution;

/// <summary>
/// All of a state that a subroutine can notice: the variables that it reads, and the path condition of the inputs
/// behind them. States that are equal in this take the same ways through it, so one <see cref="ProcedureSummary"/>
/// serves them all.
/// </summary>
internal sealed class SummaryInput : IEquatable<SummaryInput>
{
    private readonly SymbolicState _state;
    private readonly object?[] _seen;

    /// <param name="variables">Every variable that the subroutine reads.</param>
    public SummaryInput(SymbolicState state, IReadOnlyCollection<Input> variables)
    {
        _state = state;
        var seen = new List<object?>();
        var inputs = new SortedSet<Input>();
        foreach (var name in variables)
        {
            if (name.IsOfField)
            {
                var field = state.FieldOf(name);
                seen.Add(field);
                inputs.UnionWith(field.Read().Taint);
                if (field is InputField input)
                {
                    // It may be collected here.
                    inputs.UnionWith([input.Input, input.Input.AllLines]);
                }
            }
            else
            {
                var text = state.TextOf(name);
                seen.Add(text);
                inputs.UnionWith(text.Taint);
            }
        }

        foreach (var found in state.PathCondition.Keys.Where(i => i.IsFound))
        {
            if (inputs.Any(i => i.Variable == found.Variable))
            {
                inputs.Add(found);
            }
        }

        seen.AddRange(inputs.Select(i => state.PathCondition.GetValueOrDefault(i)));
        _seen = [.. seen];
    }

    public bool Equals(SummaryInput? other) =>
        other is not null && _state.Restarts == other._state.Restarts && _state.Retries == other._state.Retries
            && _state.Unknowns == other._state.Unknowns
        && (_state.Approximation is null) == (other._state.Approximation is null)
        && _state.Assumed.Equals(other._state.Assumed) && Flags.Equals(other.Flags)
        && _seen.AsSpan().SequenceEqual(other._seen);

    // What `Connection` takes away shows in the fields that are read.
    private VariableMap<Flag, bool> Flags => _state.Flags.Remove(Flag.Naming);

    public override bool Equals(object? obj) => Equals(obj as SummaryInput);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(_state.Restarts);
        foreach (var item in _seen)
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }
}
