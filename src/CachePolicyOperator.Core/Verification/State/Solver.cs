using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.State;

/// <summary>
/// Adds constraints to the path conditions of states, and finds those that no input meets; tells what values may read
/// as under them. What is too large to be told exactly stays possible.
/// </summary>
internal sealed class Solver
{
    private readonly InputSpace _inputs;
    private readonly TextShapes _shapes = new();
    private readonly Dictionary<WordConstraint, WordConstraint> _conditions;
    private readonly Dictionary<(Text, EquatableList<Language>), Language> _readings;
    private readonly Dictionary<Language, int> _numbers;
    private readonly Dictionary<(ByteSet, Language), bool> _pathsOf = [];
    private readonly HashSet<(InputFacts, WordConstraint)> _tooLarge;

    /// <param name="known">
    /// Another solver under the same budget: what it computed of texts and conditions holds here, too.
    /// </param>
    public Solver(InputSpace inputs, Solver? known = null)
    {
        _inputs = inputs;
        (_conditions, _readings, _numbers, _tooLarge) =
            (known?._conditions ?? [], known?._readings ?? [], known?._numbers ?? [], known?._tooLarge ?? []);
    }

    public Budget Budget => _inputs.Budget;

    /// <summary>Every value that a header field can have.</summary>
    public Language Values => _inputs.Values;

    /// <summary>Every request target.</summary>
    public Language Targets => _inputs.Targets;

    /// <summary>How an input arrives.</summary>
    public InputFacts Of(Input input) => _inputs.Of(input);

    /// <summary>What is known of an input in the state.</summary>
    public InputFacts Of(SymbolicState state, Input input) =>
        state.PathCondition.GetValueOrDefault(input) ?? _inputs.Of(input);

    /// <summary>All that a value may read as on the path, or more.</summary>
    public Language Reading(SymbolicState state, Text text) => text switch
    {
        ConstantText constant => Remembered(text, [], () => Language.Literal(constant.Value)),
        InputText input => Of(state, input.Input).Reading(Budget),
        MappedText mapped when Reading(state, mapped.Source) is var source =>
            mapped.Map.Simple is not null && _shapes.FoundOf(mapped) is { } name
                && state.PathCondition.TryGetValue(name, out var found)
                ? Remembered(text, [source, found.Value], () =>
                    Bounded(b => mapped.Map.Image(source, b).Intersect(found.Value, b)) ?? found.Value)
                : Remembered(text, [source], () => Bounded(b => mapped.Map.Image(source, b)) ?? Language.All),
        JoinedText joined when joined.Parts.Items.Select(p => Reading(state, p)).ToEquatableList() is var parts =>
            Remembered(text, parts, () => Bounded(b => Language.Concat(parts, b)) ?? Language.All),
        AnyText any => any.Bound,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>
    /// The value as it is made of texts of which functions make no more than one thing, within what was found of it.
    /// </summary>
    public Text Simple(SymbolicState state, Text text) => text switch
    {
        MappedText { Map.Simple: { } simple } mapped =>
            _shapes.FoundOf(mapped) is { } name && state.PathCondition.TryGetValue(name, out var found)
            ? new MappedText(new MappedText(mapped.Source, simple), Only(found.Value))
            : new MappedText(mapped.Source, simple),
        MappedText mapped =>
            Simple(state, mapped.Source) is var source && source != mapped.Source ? new MappedText(source, mapped.Map)
            : mapped,
        JoinedText joined =>
            joined.Parts.Items.Select(p => Simple(state, p)).ToArray() is var parts
            && !parts.SequenceEqual(joined.Parts.Items) ? JoinedText.Of(parts) : joined,
        _ => text,
    };

    /// <summary>
    /// The path with all that is known of inputs closed; null where no value is left of one. What is too large to be
    /// told stays possible.
    /// </summary>
    public SymbolicState? Closed(SymbolicState state)
    {
        foreach (var (input, facts) in state.PathCondition)
        {
            if (facts.IsOpen && Bounded(facts.Closed) is { } closed)
            {
                if (closed.IsImpossible)
                {
                    return null;
                }

                state = state with { PathCondition = state.PathCondition.SetItem(input, closed) };
            }
        }

        return state;
    }

    /// <summary>The path where the value is within the words; null where it cannot be.</summary>
    public SymbolicState? Within(SymbolicState state, Text text, WordSet words) =>
        Within(state, text, words, mayStayOpen: false);

    /// <summary>The same where that is found without a long search; null otherwise.</summary>
    public SymbolicState? FoundWithin(SymbolicState state, Text text, WordSet words) =>
        Within(state, text, words, mayStayOpen: true) is { } path && path.Approximation == state.Approximation
            && !path.PathCondition.Any(p => p.Value.IsOpen) ? path : null;

    private SymbolicState? Within(SymbolicState state, Text text, WordSet words, bool mayStayOpen)
    {
        var (source, maps) = _shapes.Unwrapped(text);
        if (_shapes.UnwrappedToLoose(text) is ({ } loose, var behind) && _shapes.FoundOf(loose) is { } name)
        {
            // Past its share, less is remembered.
            var found = Bounded(b => Of(state, name).Within(Interned(behind, words), b, mayStayOpen))
                ?? Of(state, name);
            if (found.IsImpossible)
            {
                return null;
            }

            state = state with { PathCondition = state.PathCondition.SetItem(name, found) };
            if (_inputs.IsConcrete && Reading(state, loose).IsEmpty)
            {
                return null;
            }
        }

        switch (source)
        {
            case ConstantText constant when maps.Count == 0:
                return words.Accepts(constant.Value) ? state : null;
            case InputText input:
                var known = Of(state, input.Input);
                maps = maps.Count > 0 && LeaveAlone(maps, known, words) ? [] : maps;
                var facts = Bounded(b => maps.Count == 0 && words.Language is { } language
                    ? known.Within(language, b, mayStayOpen)
                    : Tried(known, Interned(maps, words), b, mayStayOpen));
                return facts is null ? state.Approximated(TooLarge).DecidedBy(text.Taint)
                    : facts.IsImpossible ? null
                    : state.Approximated(state.Approximation is null ? WhyOf(state, text)
                        : null) with
                    { PathCondition = state.PathCondition.SetItem(input.Input, facts) };
            default:
                return Decided(b => words.Intersects(Reading(state, text), b)) switch
                {
                    null => state.Approximated(TooLarge).DecidedBy(text.Taint),
                    true when source is ConstantText && maps.Items.Any(m => m.Why is not null) =>
                        state.DecidedBy(ImplicitInputsOf(state)),
                    true => state.Approximated(source is ConstantText ? null : WhyOf(text)).DecidedBy(text.Taint),
                    false => null,
                };
        }
    }

    /// <summary>
    /// The paths where the value is within the words, or surely is not; null where it cannot be so. Where that takes
    /// long to tell, both stay open.
    /// </summary>
    /// <param name="may">All of the words, or more.</param>
    /// <param name="must">None but the words.</param>
    public (SymbolicState? Within, SymbolicState? Without) Split(SymbolicState state, Text text, Language may,
        Language must) =>
        Within(state, text, may, mayStayOpen: true) is { } within
            ? (within, Within(state, text, must.Complement(), mayStayOpen: true)) : (null, state);

    /// <summary>Inputs that may have decided which way was taken so far, and so what the VCL wrote there.</summary>
    public IEnumerable<Input> ImplicitInputsOf(SymbolicState state)
    {
        ImplicitInputsAsked++;
        return ImplicitInputsSoFar(state);
    }

    /// <summary>How often it was asked what decided a way: what was then found holds for that way only.</summary>
    public int ImplicitInputsAsked { get; private set; }

    /// <summary>What <see cref="ImplicitInputsOf"/> answers.</summary>
    public IEnumerable<Input> ImplicitInputsSoFar(SymbolicState state) =>
        state.PathCondition.Keys.Where(input => Of(state, input).MayBePresent).Union(state.ImplicitInputs);

    /// <summary>The path where an input is as the facts say; null where it cannot be.</summary>
    public SymbolicState? Within(SymbolicState state, Input input, InputFacts facts)
    {
        var known = Of(state, input);
        known = known with
        {
            MayRepeat = known.MayRepeat && facts.MayRepeat,
            MayBeAbsent = known.MayBeAbsent && facts.MayBeAbsent,
        };
        if (known.MayBePresent)
        {
            known = facts.MayBePresent ? known.Within(facts.Value, Budget) with { MayBeAbsent = known.MayBeAbsent }
                : known.Absent();
        }

        return known.IsImpossible ? null : state with { PathCondition = state.PathCondition.SetItem(input, known) };
    }

    /// <summary>The path where the field is there, or is not; null where it cannot be.</summary>
    public SymbolicState? WithPresence(SymbolicState state, Field field, bool present)
    {
        switch (field)
        {
            case AbsentField:
                return present ? null : state;
            case WrittenField:
                return present ? state : null;
            case InputField input:
                var facts = Of(state, input.Input);
                facts = present ? (facts.IsOpen ? Bounded(facts.Closed) ?? facts : facts).Present() : facts.Absent();
                return facts.IsImpossible ? null
                    : state with { PathCondition = state.PathCondition.SetItem(input.Input, facts) };
            case AnyField any:
                return state.Approximated(any.Value.Why).DecidedBy(any.Value.Taint);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>Whether the same is known of all that the two texts, which are one, are made of.</summary>
    public bool ReadsAlike(SymbolicState one, SymbolicState other, Text left, Text right) =>
        left.Equals(right) && left.Taint.All(s => Of(one, s).Equals(Of(other, s)))
        && one.PathCondition.Keys.Concat(other.PathCondition.Keys).Where(i => i.IsFound)
            .All(f => Of(one, f).Equals(Of(other, f)));

    /// <summary>
    /// Texts with the same paths, before the first <c>?</c>, as the value on the path; null where rewrites may change
    /// those.
    /// </summary>
    public Language? WithKeptPath(SymbolicState state, Text text) =>
        _shapes.Unwrapped(text) is (InputText input, var maps) && Of(state, input.Input) is var known
            && KeepPath(maps, known) ? known.Reading(Budget) : null;

    // Whether the maps change nothing of what decides, whatever the value is.
    private bool LeaveAlone(EquatableList<TextMap> maps, InputFacts known, WordSet words) =>
        KeepPath(maps, known) && words.PathDecides;

    private bool KeepPath(EquatableList<TextMap> maps, InputFacts known)
    {
        var kept = ~ByteSet.Empty;
        foreach (var map in maps)
        {
            if (map.KeptPath is not { } path)
            {
                return false;
            }

            kept &= path;
        }

        if (!_pathsOf.TryGetValue((kept, known.Value), out var keep))
        {
            _pathsOf.Add((kept, known.Value), keep = PathBeforeQuery.IsOf(kept, known.Value));
        }

        return keep;
    }

    // Two maps of one key are the same function, for every solver that shares what was computed.
    private TextMap Only(Language words)
    {
        if (!_numbers.TryGetValue(words, out var number))
        {
            _numbers.Add(words, number = _numbers.Count);
        }

        return new TextMap($"only\0{number}", Transducer.CopyOf(words));
    }

    // What was too large once is so again.
    private InputFacts Tried(InputFacts known, WordConstraint condition, Budget budget, bool mayStayOpen)
    {
        if (_tooLarge.Contains((known, condition)))
        {
            throw new BudgetExceededException(TooLarge.Reason);
        }

        try
        {
            return known.Within(condition, budget, mayStayOpen);
        }
        catch (BudgetExceededException)
        {
            _tooLarge.Add((known, condition));
            throw;
        }
    }

    // What a value reads as follows from what its parts read as.
    private Language Remembered(Text text, EquatableList<Language> parts, Func<Language> read)
    {
        if (!_readings.TryGetValue((text, parts), out var reading))
        {
            _readings.Add((text, parts), reading = read());
        }

        return reading;
    }

    // What a condition means for the input is computed once.
    private WordConstraint Interned(EquatableList<TextMap> maps, WordSet words)
    {
        var condition = new WordConstraint(maps, words);
        if (!_conditions.TryGetValue(condition, out var known))
        {
            _conditions.Add(condition, known = condition);
        }

        return known;
    }

    /// <summary>Whether what is found of the value is exactly what it is.</summary>
    public static bool IsExact(Text text) => WhyOf(text) is null;

    // On a path, a map may be asked of nothing but words that it tells exactly.
    private OverApproximation? WhyOf(SymbolicState state, Text text) =>
        text is MappedText { Source: var source, Map: var map }
        && (map.Why is null
            || (map.ExactOn is { } exact && Decided(b => exact.Includes(Reading(state, source), b)) == true))
            ? WhyOf(state, source) : WhyOf(text);

    private static OverApproximation? WhyOf(Text text) => text switch
    {
        AnyText any => any.Why,
        MappedText mapped => WhyOf(mapped.Source) ?? mapped.Map.Why,
        JoinedText joined => joined.Parts.Items.Select(WhyOf).FirstOrDefault(w => w is not null)
            ?? (joined.Parts.Items.Count(p => p is not ConstantText) > 1 ? Relation : null),
        _ => null,
    };

    // One question may not eat the budget of the whole proof: past its share it stays open.
    private T? Bounded<T>(Func<Budget, T> operation)
        where T : class
    {
        try
        {
            return operation(Budget.Share(work: 6_000_000, cells: 4_000_000));
        }
        catch (BudgetExceededException)
        {
            return null;
        }
    }

    private bool? Decided(Func<Budget, bool> question) =>
        Bounded(b => new Answer(question(b)))?.Value;

    private sealed record Answer(bool Value);

    private static OverApproximation TooLarge { get; } =
        new(default, "what a rewrite makes of a value is too large to follow exactly");

    private static OverApproximation Relation { get; } =
        new(default, "a value joined from several inputs is compared as if they were independent");
}
