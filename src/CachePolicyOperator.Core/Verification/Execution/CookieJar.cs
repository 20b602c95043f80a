using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.Program;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Execution;

/// <summary>
/// Vmod cookie: the cookies that it holds for a request are a variable of the path
/// (<see cref="TrackedVariables.Jar"/>), as a text that its functions edit and read. They are the request's own: a
/// restart keeps them, a backend request begins without any.
/// </summary>
internal sealed class CookieJar(ProgramFacts program, Evaluator evaluator, Solver solver, Regexes regexes)
{
    private const string NotConstant =
        "which cookies this call is about is computed; a proof follows names and values that are written there";

    private const string NotRegular = "the pattern is not regular, or too large to follow exactly";

    private readonly Dictionary<string, TextMap> _maps = new(StringComparer.Ordinal);

    /// <summary>Whether the call is of this vmod, and asks for a string.</summary>
    public static bool IsText(string function) =>
        function is "get" or "get_re" or "get_string" or "format_date" or "format_rfc1123";

    /// <summary>Whether what the call hands back follows from the cookies.</summary>
    public static bool Tells(string function) => function is "get" or "get_re" or "get_string" or "isset";

    /// <summary>The value of a call; null where it is not followed. No value reads as empty.</summary>
    public (Text Value, SymbolicState State)? TextOf(SymbolicState state, FunctionCall call)
    {
        if (state.TextOf(TrackedVariables.Jar) is not (var jar and not AnyText))
        {
            return null;
        }

        switch (VmodCalls.FunctionOf(call))
        {
            case "get" or "isset" when call.Arguments is [{ Value: var argument }]:
                (var name, state) = evaluator.TextOf(state, argument);
                return name switch
                {
                    ConstantText { Value: "" } => (Text.Empty, state),
                    ConstantText { Value: var constant } =>
                        (Known(jar, constant) ?? Mapped(jar, Value(constant)), state),
                    _ => null,
                };
            case "get_re" when call.Arguments is [{ Value: StringLiteral pattern }]:
                return (Mapped(jar, ValueLike(pattern)), state);
            case "get_string":
                return (Written(jar), state);
            default:
                return null;
        }
    }

    /// <summary>
    /// The paths where the call of a function that is a condition holds, and where it does not; null where it is not
    /// followed.
    /// </summary>
    public (SymbolicState? Holds, SymbolicState? Fails)? Split(SymbolicState state, FunctionCall call)
    {
        if (VmodCalls.FunctionOf(call) == "get_string")
        {
            return (state, null);
        }

        // No cookie has an empty value.
        return TextOf(state, call) is var (value, next)
            ? (solver.Within(next, value, Language.Epsilon.Complement()), solver.Within(next, value, Language.Epsilon))
            : null;
    }

    /// <summary>Whether the call hands back no string at all.</summary>
    public bool IsNothing(SymbolicState state, FunctionCall call) =>
        VmodCalls.FunctionOf(call) is "get" or "get_re" && TextOf(state, call) is (var value, _) && value == Text.Empty;

    /// <summary>The paths behind a statement.</summary>
    public IEnumerable<SymbolicState> Run(SymbolicState state, FunctionCall call)
    {
        var jar = state.TextOf(TrackedVariables.Jar);
        var texts = new List<Text>();
        foreach (var argument in call.Arguments)
        {
            (var text, state) = evaluator.TextOf(state, argument.Value);
            texts.Add(text);
        }

        return (VmodCalls.FunctionOf(call), texts) switch
        {
            ("parse", [var header]) => Parsed(state, jar, header),
            ("clean", []) => [With(state, Text.Empty)],
            _ when jar is AnyText => [Unknown(state, jar, call, texts)],
            ("delete", [ConstantText { Value: "" }]) => [state],
            ("delete", [ConstantText { Value: var name }]) => [With(state, Mapped(jar, Dropping([name])))],
            ("filter", [ConstantText { Value: var names }]) => [With(state, Mapped(jar, Dropping(NamesOf(names))))],
            ("keep", [ConstantText { Value: var names }]) => [With(state, Mapped(jar, Keeping(NamesOf(names))))],
            ("filter_re" or "keep_re", [ConstantText { Value: var pattern }]) =>
                [With(state, Mapped(jar, Matching(pattern, VmodCalls.FunctionOf(call) == "keep_re", call.Span)))],
            ("set", [ConstantText { Value: "" }, _] or [_, ConstantText { Value: "" }]) => [state],
            ("set", [ConstantText { Value: var name }, ConstantText { Value: var value }])
                when call.Arguments.Items.All(a => a.Name is null) && IsPlain(name)
                && !value.Contains(';', StringComparison.Ordinal) =>
                [With(state, Mapped(jar, Setting(name, value)))],
            _ => [Unknown(state, jar, call, texts)],
        };
    }

    // Of nothing to parse nothing is parsed: what is there stays.
    private IEnumerable<SymbolicState> Parsed(SymbolicState state, Text jar, Text header)
    {
        var parsed = Mapped(header, CookieMaps.Parse);
        if (jar == Text.Empty || jar == parsed)
        {
            return [With(state, parsed)];
        }

        var nothing = solver.Within(state, header, Language.Epsilon);
        var some = solver.Within(state, header, Language.Epsilon.Complement());
        return ((SymbolicState?[])[nothing, some is null ? null : With(some, parsed)]).OfType<SymbolicState>();
    }

    private static SymbolicState With(SymbolicState state, Text jar) => state.With(TrackedVariables.Jar, jar);

    // Nothing is made of nothing, unless a cookie is set.
    private static Text Mapped(Text source, TextMap map) =>
        source == Text.Empty && !map.Key.StartsWith(SetKey, StringComparison.Ordinal) ? source
            : new MappedText(source, map);

    private SymbolicState Unknown(SymbolicState state, Text jar, FunctionCall call, List<Text> texts)
    {
        var taint = texts.Append(jar).SelectMany(t => t.Taint).Concat(evaluator.Taint.ImplicitInputsOf(state, call))
            .Distinct().Order().ToEquatableList();
        var any = new AnyText(Language.All, taint, new OverApproximation(call.Span, NotConstant),
            UnknownId.Next(state.Unknowns));
        return With(state, any) with { Unknowns = state.Unknowns + 1 };
    }

    private Text Written(Text jar)
    {
        var text = NamesIn(jar) is { Count: 1 } ? Mapped(jar, CookieMaps.Last) : Mapped(jar, CookieMaps.Written);
        return program.Engine >= new EngineVersion(7, 2) ? Mapped(text, CookieMaps.Unterminated) : text;
    }

    private TextMap Value(string name) => Remembered($"get\0{name}", () => CookieMaps.Value(name));

    private TextMap ValueLike(StringLiteral pattern) => Remembered($"get_re\0{pattern.Value}", () =>
    {
        var names = regexes.LanguageOf(pattern.Value);
        return CookieMaps.ValueLike(pattern.Value, names, names.IsExact ? null
            : new OverApproximation(pattern.Span, NotRegular));
    });

    private TextMap Setting(string name, string value) =>
        Remembered($"set\0{name}\0{value}", () => CookieMaps.Set(name, value));

    private TextMap Keeping(IReadOnlyList<string> names) => Remembered(KeepKey + string.Join('\0', names), () =>
    {
        var kept = Union(names);
        return CookieMaps.Keep(KeepKey + string.Join('\0', names), kept, kept.Complement(), null);
    });

    private TextMap Dropping(IReadOnlyList<string> names) => Remembered($"drop\0{string.Join('\0', names)}", () =>
    {
        var dropped = Union(names);
        return CookieMaps.Keep($"drop\0{string.Join('\0', names)}", dropped.Complement(), dropped, null);
    });

    private TextMap Matching(string pattern, bool keeps, SourceSpan place) =>
        Remembered($"{(keeps ? "keep_re" : "filter_re")}\0{pattern}", () =>
    {
        var names = regexes.LanguageOf(pattern);
        var why = names.IsExact ? null : new OverApproximation(place, NotRegular);
        return keeps
            ? CookieMaps.Keep($"keep_re\0{pattern}", names.May, names.Must.Complement(), why)
            : CookieMaps.Keep($"filter_re\0{pattern}", names.Must.Complement(), names.May, why);
    });

    private TextMap Remembered(string key, Func<TextMap> make)
    {
        if (!_maps.TryGetValue(key, out var map))
        {
            _maps.Add(key, map = make());
        }

        return map;
    }

    private Language Union(IReadOnlyList<string> names) =>
        Language.Union(names.Select(Language.Literal), solver.Budget);

    // The value of a cookie where the edits tell, whatever there was; null where they do not.
    private static Text? Known(Text jar, string name)
    {
        for (; jar is MappedText { Map.Key: var key } mapped
            && !key.StartsWith("cookie.parse", StringComparison.Ordinal); jar = mapped.Source)
        {
            var names = key.Split('\0');
            if ((names[0] == "cookie.keep" && !names.Skip(1).Contains(name))
                || (names[0] == "cookie.drop" && names.Skip(1).Contains(name)))
            {
                return Text.Empty;
            }

            if (names[0] == "cookie.set" && names[1] == name)
            {
                return new ConstantText(names[2]);
            }

            if (names[0] is not ("cookie.keep" or "cookie.drop" or "cookie.set"))
            {
                return null;
            }
        }

        return null;
    }

    private const string KeepKey = "keep\0";
    private const string SetKey = "cookie.set\0";
    private static readonly string[] Edits =
        ["cookie.keep\0", "cookie.drop\0", "cookie.keep_re\0", "cookie.filter_re\0"];

    // Every name that a cookie of the jar may have; null where that is any.
    private static IReadOnlyCollection<string>? NamesIn(Text jar) => jar switch
    {
        ConstantText { Value: "" } => [],
        MappedText { Map.Key: var key } when key.StartsWith($"cookie.{KeepKey}", StringComparison.Ordinal) =>
            key[$"cookie.{KeepKey}".Length..].Split('\0'),
        MappedText { Map.Key: var key } mapped when key.StartsWith(SetKey, StringComparison.Ordinal) =>
            NamesIn(mapped.Source)?.Append(key.Split('\0')[1]).Distinct().ToArray(),
        MappedText { Map.Key: var key } mapped when Edits.Any(e => key.StartsWith(e, StringComparison.Ordinal)) =>
            NamesIn(mapped.Source),
        _ => null,
    };

    /// <summary>
    /// Whether what was written of cookies would be written of itself once more. Then whatever is made of cookies with
    /// a name twice is made of some without.
    /// </summary>
    public static bool MaySimplify(Text text) => text switch
    {
        MappedText { Map.Simple: not null } mapped => IsSettled(mapped.Source),
        MappedText mapped => MaySimplify(mapped.Source),
        JoinedText joined => joined.Parts.Items.All(MaySimplify),
        _ => true,
    };

    private static bool IsSettled(Text jar) => jar is MappedText { Map.Key: var key } mapped
        && (mapped is { Map.Key: "cookie.parse", Source: InputText }
            || (Edits.Any(e => key.StartsWith(e, StringComparison.Ordinal)) && IsSettled(mapped.Source)));

    // A list of names as the vmod reads it: blanks before a name are skipped, those behind it belong to it.
    private static IReadOnlyList<string> NamesOf(string list) =>
        [.. list.Split(',').Select(n => n.TrimStart(' ', '\t', '\n', '\v', '\f', '\r')).Where(n => n.Length > 0)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static bool IsPlain(string name) =>
        name.All(c => c is not ('=' or ';' or ' ' or '\t' or '\n' or '\v' or '\f' or '\r' or '\0'));
}
