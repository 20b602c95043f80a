using System.Collections.Immutable;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.State;

/// <summary>How inputs arrive when nothing is known of them: the bytes that varnishd lets through.</summary>
internal sealed class InputSpace
{
    private readonly ImmutableDictionary<string, InputFacts> _given;
    private readonly InputFacts _target;
    private readonly InputFacts _host;
    private readonly InputFacts _field;
    private readonly InputFacts _single;
    private readonly Dictionary<WordCondition, WordCondition> _conditions;
    private readonly Dictionary<(Text, EquatableList<Language>), Language> _readings;
    private readonly Dictionary<Language, int> _numbers;
    private readonly Dictionary<Text, string> _foundNames = [];
    private readonly Dictionary<Text, (Text Source, EquatableList<TextMap> Maps)> _unwrapped = [];
    private readonly Dictionary<Text, (Text Source, EquatableList<TextMap> Maps)> _loose = [];
    private readonly Dictionary<(ByteSet, Language), bool> _pathsOf = [];
    private readonly InputFacts _found = new(false, Language.All, false);
    private readonly InputFacts _missing = new(true, Language.Empty, false);

    /// <param name="given">The inputs of one concrete request, which carries no other header field than these and Host; null: any request.</param>
    /// <param name="known">Another space under the same budget: what it computed of texts and conditions holds here, too.</param>
    /// <param name="withFragments">Whether pages may be parsed for fragments.</param>
    public InputSpace(Budget budget, ImmutableDictionary<string, InputFacts>? given = null, InputSpace? known = null, bool withFragments = false)
    {
        (_conditions, _readings, _numbers) = (known?._conditions ?? [], known?._readings ?? [], known?._numbers ?? []);
        _given = given ?? ImmutableDictionary<string, InputFacts>.Empty;
        var values = Language.OneOf(InputBytes.OfValues).Star(budget);
        _target = new InputFacts(false, Language.OneOf(withFragments ? InputBytes.OfFragments : InputBytes.OfTargets).Plus(budget), false);
        _field = new InputFacts(true, values, true);
        _single = new InputFacts(true, values, false);
        _host = withFragments ? new InputFacts(true, Language.OneOf(InputBytes.OfValues | InputBytes.OfFragments).Star(budget), false) : _single;
        Values = values;
        Budget = budget;
    }

    public Budget Budget { get; }

    /// <summary>Every value that a header field can have.</summary>
    public Language Values { get; }

    /// <summary>Every request target.</summary>
    public Language Targets => _target.Value;

    public InputFacts Of(string input) => _given.GetValueOrDefault(input) ?? input switch
    {
        "req.url" => _target,
        "req.method" => _target,
        _ when IsFound(input) => _found,
        // As the VCL says, whatever bytes it says.
        "resp.reason" or "obj.reason" => _found,
        "req.http.host" => _host,
        _ when JoinedBefore.Contains(input) => _single,
        _ when input.EndsWith(Collected, StringComparison.Ordinal) =>
            _given.Count > 0 && input.StartsWith("req.", StringComparison.Ordinal) ? _missing : _single,
        _ when input.StartsWith("req.http.", StringComparison.Ordinal) && _given.Count > 0 => _missing,
        _ when input.Contains(".http.", StringComparison.Ordinal) => _field,
        _ => _single with { MayBeAbsent = false },
    };

    /// <summary>Whether no VCL ever sees more than one line of the field.</summary>
    public static bool IsOneLine(string input) =>
        JoinedBefore.Contains(input) || input.EndsWith(Collected, StringComparison.Ordinal);

    // varnishd answers 400 to a second Host line, and joins these into one line before VCL sees them.
    private static readonly HashSet<string> JoinedBefore = new(StringComparer.Ordinal)
    {
        "req.http.host", "req.http.x-forwarded-for", "req.http.cache-control", "beresp.http.cache-control", "beresp.http.vary",
    };

    /// <summary>Names the input that stands for all lines of a field joined into one.</summary>
    public const string Collected = ";collected";

    // Names what was found of a value that its input does not tell exactly.
    private const string Found = ";found";

    /// <summary>The field an input belongs to, collected or not.</summary>
    public static string FieldOf(string input) =>
        input.IndexOf(';', StringComparison.Ordinal) is > 0 and var end ? input[..end] : input;

    /// <summary>Whether it is no input that arrives, but the value of a function of one.</summary>
    public static bool IsFound(string input) => input.Contains(Found, StringComparison.Ordinal);

    public InputFacts Of(PathState state, string input) => state.Known.GetValueOrDefault(input) ?? Of(input);

    /// <summary>All that a value may read as on the path, or more.</summary>
    public Language Reading(PathState state, Text text) => text switch
    {
        ConstantText constant => Remembered(text, [], () => Language.Literal(constant.Value)),
        InputText input => Of(state, input.Input).Reading(Budget),
        MappedText mapped when Reading(state, mapped.Source) is var source =>
            mapped.Map.Simple is not null && FoundName(mapped) is { } name && state.Known.TryGetValue(name, out var found)
                ? Remembered(text, [source, found.Value], () => Bounded(b => mapped.Map.Image(source, b).Intersect(found.Value, b)) ?? found.Value)
                : Remembered(text, [source], () => Bounded(b => mapped.Map.Image(source, b)) ?? Language.All),
        JoinedText joined when joined.Parts.Items.Select(p => Reading(state, p)).ToEquatableList() is var parts =>
            Remembered(text, parts, () => Bounded(b => Language.Concat(parts, b)) ?? Language.All),
        AnyText any => any.Bound,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The value as it is made of texts of which functions make no more than one thing, within what was found of it.</summary>
    public Text Simple(PathState state, Text text) => text switch
    {
        MappedText { Map.Simple: { } simple } mapped => FoundName(mapped) is { } name && state.Known.TryGetValue(name, out var found)
            ? new MappedText(new MappedText(mapped.Source, simple), Only(found.Value))
            : new MappedText(mapped.Source, simple),
        MappedText mapped => Simple(state, mapped.Source) is var source && source != mapped.Source ? new MappedText(source, mapped.Map) : mapped,
        JoinedText joined => joined.Parts.Items.Select(p => Simple(state, p)).ToArray() is var parts && !parts.SequenceEqual(joined.Parts.Items) ? JoinedText.Of(parts) : joined,
        _ => text,
    };

    /// <summary>The path where the value is within the words; null where it cannot be.</summary>
    public PathState? Within(PathState state, Text text, WordSet words)
    {
        var (source, maps) = Unwrapped(text);
        if (UnwrappedToLoose(text) is ({ } loose, var behind) && FoundName(loose) is { } name)
        {
            // Past its share, less is remembered.
            var found = Bounded(b => Of(state, name).Within(Interned(behind, words), b)) ?? Of(state, name);
            if (found.IsImpossible)
            {
                return null;
            }

            state = state with { Known = state.Known.SetItem(name, found) };
            if (_given.Count > 0 && Reading(state, loose).IsEmpty)
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
                    ? known.Within(language, b)
                    : known.Within(Interned(maps, words), b));
                return facts is null ? state.Widen(TooLarge).Asking(text.Sources)
                    : facts.IsImpossible ? null
                    : state.Widen(state.Widened is null ? WhyOf(state, text) : null) with { Known = state.Known.SetItem(input.Input, facts) };
            default:
                return Decided(b => words.Intersects(Reading(state, text), b)) switch
                {
                    null => state.Widen(TooLarge).Asking(text.Sources),
                    true when source is ConstantText && maps.Items.Any(m => m.Why is not null) => state.Asking(OnTheWay(state)),
                    true => state.Widen(source is ConstantText ? null : WhyOf(text)).Asking(text.Sources),
                    false => null,
                };
        }
    }

    /// <summary>The paths where the value is within the words, or surely is not; null where it cannot be so.</summary>
    /// <param name="may">All of the words, or more.</param>
    /// <param name="must">None but the words.</param>
    public (PathState? Within, PathState? Without) Split(PathState state, Text text, Language may, Language must) =>
        Within(state, text, may) is { } within ? (within, Within(state, text, must.Complement())) : (null, state);

    /// <summary>Inputs that may have decided which way was taken so far, and so what the VCL wrote there.</summary>
    public IEnumerable<string> OnTheWay(PathState state)
    {
        WaysAsked++;
        return DecidedBefore(state);
    }

    /// <summary>How often it was asked what decided a way: what was then found holds for that way only.</summary>
    public int WaysAsked { get; private set; }

    /// <summary>What <see cref="OnTheWay"/> answers.</summary>
    public IEnumerable<string> DecidedBefore(PathState state) => state.Known.Keys.Where(input => Of(state, input).MayBePresent).Union(state.DependsOn);

    /// <summary>The path where an input is as the facts say; null where it cannot be.</summary>
    public PathState? Within(PathState state, string input, InputFacts facts)
    {
        var known = Of(state, input);
        known = known with { MayRepeat = known.MayRepeat && facts.MayRepeat, MayBeAbsent = known.MayBeAbsent && facts.MayBeAbsent };
        if (known.MayBePresent)
        {
            known = facts.MayBePresent ? known.Within(facts.Value, Budget) with { MayBeAbsent = known.MayBeAbsent } : known.Absent();
        }

        return known.IsImpossible ? null : state with { Known = state.Known.SetItem(input, known) };
    }

    /// <summary>The path where the field is there, or is not; null where it cannot be.</summary>
    public PathState? WithPresence(PathState state, Field field, bool present)
    {
        switch (field)
        {
            case AbsentField:
                return present ? null : state;
            case WrittenField:
                return present ? state : null;
            case InputField input:
                var facts = Of(state, input.Input);
                facts = present ? facts.Present() : facts.Absent();
                return facts.IsImpossible ? null : state with { Known = state.Known.SetItem(input.Input, facts) };
            case AnyField any:
                return state.Widen(any.Value.Why).Asking(any.Value.Sources);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>What the field reads as in a string.</summary>
    public static Text TextOf(Field field) => field switch
    {
        AbsentField => Text.Empty,
        WrittenField written => written.Value,
        InputField input => new InputText(input.Input),
        AnyField any => any.Value,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private (Text Source, EquatableList<TextMap> Maps) Unwrapped(Text text)
    {
        if (text is not (MappedText or JoinedText))
        {
            return (text, []);
        }

        if (!_unwrapped.TryGetValue(text, out var unwrapped))
        {
            _unwrapped.Add(text, unwrapped = Unwrapped(text, _ => false));
        }

        return unwrapped;
    }

    private (Text Source, EquatableList<TextMap> Maps) UnwrappedToLoose(Text text)
    {
        if (text is not (MappedText or JoinedText))
        {
            return (text, []);
        }

        if (!_loose.TryGetValue(text, out var unwrapped))
        {
            _loose.Add(text, unwrapped = Unwrapped(text, t => t is MappedText { Map.Simple: not null }));
        }

        return unwrapped;
    }

    /// <summary>What a value is made of, where only one part is not constant, and the maps that make the value of it.</summary>
    private static (Text Source, EquatableList<TextMap> Maps) Unwrapped(Text text, Func<Text, bool> isSource)
    {
        var maps = new List<TextMap>();
        while (true)
        {
            switch (text)
            {
                case var _ when isSource(text):
                    maps.Reverse();
                    return (text, maps.ToEquatableList());
                case MappedText mapped:
                    maps.Add(mapped.Map);
                    text = mapped.Source;
                    continue;
                case JoinedText joined when joined.Parts.Items.Count(p => p is not ConstantText) == 1:
                    maps.Add(AffixMap.Of(
                        string.Concat(joined.Parts.Items.TakeWhile(p => p is ConstantText).Select(p => ((ConstantText)p).Value)),
                        string.Concat(joined.Parts.Items.SkipWhile(p => p is ConstantText).Skip(1).Select(p => ((ConstantText)p).Value))));
                    text = joined.Parts.Items.First(p => p is not ConstantText);
                    continue;
                default:
                    maps.Reverse();
                    return (text, maps.ToEquatableList());
            }
        }
    }

    /// <summary>Whether the same is known of all that the two texts, which are one, are made of.</summary>
    public bool ReadsAlike(PathState one, PathState other, Text left, Text right) =>
        left.Equals(right) && left.Sources.All(s => Of(one, s).Equals(Of(other, s)))
        && one.Known.Keys.Concat(other.Known.Keys).Where(IsFound).All(f => Of(one, f).Equals(Of(other, f)));

    /// <summary>Texts with the same paths, before the first <c>?</c>, as the value on the path; null where rewrites may change those.</summary>
    public Language? WithKeptPath(PathState state, Text text) =>
        Unwrapped(text) is (InputText input, var maps) && Of(state, input.Input) is var known && KeepPath(maps, known) ? known.Reading(Budget) : null;

    // Whether the maps change nothing of what decides, whatever the value is.
    private bool LeaveAlone(EquatableList<TextMap> maps, InputFacts known, WordSet words) => KeepPath(maps, known) && words.PathDecides;

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

    // Two maps of one key are the same function, in every space that shares what was computed.
    private TextMap Only(Language words)
    {
        if (!_numbers.TryGetValue(words, out var number))
        {
            _numbers.Add(words, number = _numbers.Count);
        }

        return new TextMap($"only\0{number}", Transducer.CopyOf(words));
    }

    // The name of what is found of a value; null where there is nothing to remember.
    private string? FoundName(Text text)
    {
        if (text is not MappedText { Map.Simple: not null } || Unwrapped(text) is not (InputText { Input: var input }, _))
        {
            return null;
        }

        if (!_foundNames.TryGetValue(text, out var name))
        {
            _foundNames.Add(text, name = $"{FieldOf(input)}{Found}{_foundNames.Count}");
        }

        return name;
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
    private WordCondition Interned(EquatableList<TextMap> maps, WordSet words)
    {
        var condition = new WordCondition(maps, words);
        if (!_conditions.TryGetValue(condition, out var known))
        {
            _conditions.Add(condition, known = condition);
        }

        return known;
    }

    /// <summary>Whether what is found of the value is exactly what it is.</summary>
    public static bool IsExact(Text text) => WhyOf(text) is null;

    // On a path, a map may be asked of nothing but words that it tells exactly.
    private Widening? WhyOf(PathState state, Text text) => text is MappedText { Source: var source, Map: var map }
        && (map.Why is null || (map.ExactOn is { } exact && Decided(b => exact.Includes(Reading(state, source), b)) == true)) ? WhyOf(state, source) : WhyOf(text);

    private static Widening? WhyOf(Text text) => text switch
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
            return operation(Budget.Share(work: 3_000_000, cells: 1_500_000));
        }
        catch (BudgetExceededException)
        {
            return null;
        }
    }

    private bool? Decided(Func<Budget, bool> question) =>
        Bounded(b => new Answer(question(b)))?.Value;

    private sealed record Answer(bool Value);

    private static Widening TooLarge { get; } = new(default, "what a rewrite makes of a value is too large to follow exactly");

    private static Widening Relation { get; } = new(default, "a value joined from several inputs is compared as if they were independent");
}
