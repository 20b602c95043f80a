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

    // So long is looked for a value on a way, where a value that is none costs no more than a way too many.
    private const long ShortWork = 300_000;
    private const long ShortCells = 200_000;

    /// <summary>
    /// What must hold of the value, if it is present. Unless it <see cref="IsOpen"/>, some value of
    /// <see cref="Value"/> is left.
    /// </summary>
    public EquatableList<WordConstraint> Constraints { get; private init; }

    // A value that was found when a condition was added: it saves the next search where it still fits.
    private byte[]? Found { get; init; }

    /// <summary>Whether it is not known that any value is left: nobody has looked for long enough.</summary>
    public bool IsOpen => Constraints.Count > 0 && Found is null && MayBePresent;

    public bool MayBePresent => !Value.IsEmpty;

    public bool IsImpossible => !MayBeAbsent && !MayBePresent;

    /// <summary>What it may read as, or more: absent reads as empty.</summary>
    public Language Reading(Budget budget) =>
        MayBeAbsent && !Value.AcceptsEmptyWord ? Value.Union(Language.Epsilon, budget) : Value;

    /// <summary>Whether it may be present with this value.</summary>
    public bool Accepts(ReadOnlySpan<byte> value) => Accepts(value, Budget.ForProof());

    private bool Accepts(ReadOnlySpan<byte> value, Budget budget)
    {
        if (!Value.Accepts(value))
        {
            return false;
        }

        foreach (var condition in Constraints)
        {
            if (!condition.Accepts(value, budget))
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
    /// <param name="mayStayOpen">Whether it is enough to look for a value for a while.</param>
    public InputFacts Within(Language language, Budget budget, bool mayStayOpen = false)
    {
        var value = Value.Intersect(language, budget);
        return (this with { MayBeAbsent = MayBeAbsent && language.AcceptsEmptyWord, Value = value })
            .Checked(budget, mayStayOpen, language);
    }

    /// <summary>Only readings for which the condition holds.</summary>
    /// <param name="mayStayOpen">Whether it is enough to look for a value for a while.</param>
    public InputFacts Within(WordConstraint condition, Budget budget, bool mayStayOpen = false)
    {
        var mayBeAbsent = MayBeAbsent && condition.Accepts([], budget);
        if (!MayBePresent)
        {
            return this with { MayBeAbsent = mayBeAbsent };
        }

        if (condition.ValuesUpTo(MaxStates, budget) is { } language)
        {
            return (this with { MayBeAbsent = mayBeAbsent, Value = Value.Intersect(language, budget) })
                .Checked(budget, mayStayOpen);
        }

        var constraints = Constraints.Items;
        var at = constraints.TakeWhile(c => c.And(condition, budget) is null).Count();
        constraints = at == constraints.Length ? constraints.Add(condition)
            : constraints.SetItem(at, constraints[at].And(condition, budget)!);
        return (this with { MayBeAbsent = mayBeAbsent, Constraints = new(constraints) }).Checked(budget, mayStayOpen);
    }

    /// <summary>
    /// A few values, short ones first; one at least where any within the language is found without a long search.
    /// </summary>
    public IReadOnlyList<byte[]> Samples(int count, Language within, Budget budget)
    {
        var among = Value.Intersect(within, budget);
        if (Constraints.Count == 0)
        {
            return among.Samples(count);
        }

        byte[][] natural = [.. among.Samples(count).Where(w => Accepts(w, budget))];
        try
        {
            var narrowed = this with { Value = among };
            return natural.Length > 0 ? natural
                : (narrowed.Try(budget) ?? narrowed.Search(among, budget.Share(2_000_000, 1_000_000))) is { } word
                ? [word] : [];
        }
        catch (BudgetExceededException) when (!budget.IsSpent)
        {
            return [];
        }
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

    /// <summary>The same where it is known that a value is left; impossible where none is.</summary>
    public InputFacts Closed(Budget budget) => IsOpen ? Checked(budget, mayStayOpen: false) : this;

    // Keeps the promise of Constraints.
    private InputFacts Checked(Budget budget, bool mayStayOpen, Language? added = null)
    {
        if (Constraints.Count == 0 || Value.IsEmpty)
        {
            return Value.IsEmpty ? this with { Constraints = [], Found = null } : this;
        }

        if (Found is { } found && Accepts(found, budget))
        {
            return this;
        }

        try
        {
            return Value.OnlyWord(budget) is { } only
                ? Accepts(only, budget) ? this with { Found = only }
                    : this with { Value = Language.Empty, Constraints = [], Found = null }
                : Try(budget) is { } first ? this with { Found = first }
                : !mayStayOpen && IsRefused(added, budget)
                    ? this with { Value = Language.Empty, Constraints = [], Found = null }
                : Search(Value, mayStayOpen ? budget.Share(ShortWork, ShortCells) : budget) is { } word
                ? this with { Found = word }
                : this with { Value = Language.Empty, Constraints = [], Found = null };
        }
        catch (BudgetExceededException) when (mayStayOpen && !budget.IsSpent)
        {
            return this with { Found = null };
        }
    }

    // Most rewrites leave most values alone, or take something off.
    private byte[]? Try(Budget budget) => budget.Remember((nameof(Try), Value, Constraints), () =>
        ChainProbe.Of(Value, Constraints.Items, budget.Share(ShortWork, ShortCells))
            .FirstOrDefault(w => Accepts(w, budget)));

    // A value that has something which no rewrite takes off has it behind them all.
    private bool IsRefused(Language? added, Budget budget)
    {
        try
        {
            var share = budget.Share(2_000_000, 1_000_000);
            return new[] { added, Value }.OfType<Language>().Any(l =>
                ChainInvariant.Refuses(l, Constraints.Items, share));
        }
        catch (BudgetExceededException) when (!budget.IsSpent)
        {
            return false;
        }
    }

    private byte[]? Search(Language among, Budget budget) => budget.Remember(
        (nameof(Search), among, Constraints), () =>
            ChainSearch.Find(among, Constraints.Items, budget));
}
