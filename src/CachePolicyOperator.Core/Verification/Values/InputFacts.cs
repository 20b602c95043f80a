using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>
/// What is known of one input on a path: whether it may be absent, or present with a value of a language.
/// </summary>
/// <param name="Value">
/// Values if present, but for what <see cref="Constraints"/> excludes; empty where it cannot be present.
/// </param>
/// <param name="MayRepeat">Whether more lines of the same name may follow the first one.</param>
internal sealed record InputFacts(bool MayBeAbsent, Language Value, bool MayRepeat)
{
    // A condition becomes part of the language where that stays below this.
    private const int MaxStates = 400;

    /// <summary>
    /// What must hold of the value constraints, if it is present. Never such that no value of <see cref="Value"/> is
    /// left.
    /// </summary>
    public EquatableList<WordConstraint> Constraints { get; private init; }

    // A value that was found when a condition was added: it saves the next search where it still fits.
    private byte[]? Found { get; init; }

    public bool MayBePresent => !Value.IsEmpty;

    public bool IsImpossible => !MayBeAbsent && !MayBePresent;

    /// <summary>What it may read as, or more: absent reads as empty.</summary>
    public Language Reading(Budget budget) =>
        MayBeAbsent && !Value.AcceptsEmptyWord ? Value.Union(Language.Epsilon, budget) : Value;

    /// <summary>Whether it may be present with this value.</summary>
    public bool Accepts(ReadOnlySpan<byte> value)
    {
        if (!Value.Accepts(value))
        {
            return false;
        }

        foreach (var condition in Constraints)
        {
            if (!condition.Accepts(value, Budget.ForProof()))
            {
                return false;
            }
        }

        return true;
    }

    public bool Accepts(string latin1) => Accepts(System.Text.Encoding.Latin1.GetBytes(latin1));

    public InputFacts Absent() =>
        this with { Value = Language.Empty, MayRepeat = false, Constraints = [], Found = null };

    public InputFacts Present() => this with { MayBeAbsent = false };

    /// <summary>Only readings within the language.</summary>
    public InputFacts Within(Language language, Budget budget)
    {
        var value = Value.Intersect(language, budget);
        return (this with { MayBeAbsent = MayBeAbsent && language.AcceptsEmptyWord, Value = value }).Checked(budget);
    }

    /// <summary>Only readings for which the condition holds.</summary>
    public InputFacts Within(WordConstraint condition, Budget budget)
    {
        var mayBeAbsent = MayBeAbsent && condition.Accepts([], budget);
        if (!MayBePresent)
        {
            return this with { MayBeAbsent = mayBeAbsent };
        }

        if (condition.ValuesUpTo(MaxStates, budget) is { } language)
        {
            return (this with { MayBeAbsent = mayBeAbsent, Value = Value.Intersect(language, budget) }).Checked(budget);
        }

        var constraints = Constraints.Items;
        var at = constraints.TakeWhile(c => c.And(condition, budget) is null).Count();
        constraints = at == constraints.Length ? constraints.Add(condition)
            : constraints.SetItem(at, constraints[at].And(condition, budget)!);
        return (this with { MayBeAbsent = mayBeAbsent, Constraints = new(constraints) }).Checked(budget);
    }

    /// <summary>A few values, short ones first; one at least where there is any within the language.</summary>
    public IReadOnlyList<byte[]> Samples(int count, Language within, Budget budget)
    {
        var among = Value.Intersect(within, budget);
        if (Constraints.Count == 0)
        {
            return among.Samples(count);
        }

        byte[][] natural = [.. among.Samples(count).Where(w => Accepts(w))];
        return natural.Length > 0 ? natural : Search(among, budget) is { } word ? [word] : [];
    }

    /// <summary>Both together; null where that would hold more than the two.</summary>
    public InputFacts? Union(InputFacts other, Budget budget)
    {
        if (!MayBePresent || !other.MayBePresent)
        {
            var present = MayBePresent ? this : other;
            return present with { MayBeAbsent = MayBeAbsent || other.MayBeAbsent };
        }

        if (MayRepeat != other.MayRepeat)
        {
            return null;
        }

        var mayBeAbsent = MayBeAbsent || other.MayBeAbsent;
        if (Constraints == other.Constraints)
        {
            return this with { MayBeAbsent = mayBeAbsent, Value = Value.Union(other.Value, budget) };
        }

        // The same values but for one condition: either of the two.
        if (Value.Equals(other.Value)
            && Constraints.Items.Except(other.Constraints.Items).ToArray() is [var mine]
                && other.Constraints.Items.Except(Constraints.Items).ToArray() is [var theirs]
            && mine.Or(theirs, budget) is { } either)
        {
            return this with
            {
                MayBeAbsent = mayBeAbsent,
                Constraints = Constraints.Items.Remove(mine).Add(either).ToEquatableList(),
            };
        }

        return null;
    }

    public bool Equals(InputFacts? other) =>
        other is not null && MayBeAbsent == other.MayBeAbsent && MayRepeat == other.MayRepeat
        && Value.Equals(other.Value) && Constraints == other.Constraints;

    public override int GetHashCode() => HashCode.Combine(MayBeAbsent, MayRepeat, Value, Constraints.Count);

    // Keeps the promise of Constraints.
    private InputFacts Checked(Budget budget)
    {
        if (Constraints.Count == 0 || Value.IsEmpty)
        {
            return Value.IsEmpty ? this with { Constraints = [], Found = null } : this;
        }

        if (Found is { } found && Accepts(found))
        {
            return this;
        }

        return Search(Value, budget) is { } word ? this with { Found = word }
            : this with { Value = Language.Empty, Constraints = [], Found = null };
    }

    private byte[]? Search(Language among, Budget budget) => budget.Remember(
        (nameof(Search), among, Constraints), () =>
            ChainSearch.Find(among, Constraints.Items, budget));
}
