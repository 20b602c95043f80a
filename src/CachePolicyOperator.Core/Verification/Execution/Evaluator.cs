using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.Program;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Execution;

/// <summary>Values of string expressions on a path.</summary>
internal sealed class Evaluator(ProgramFacts program, Solver solver, Regexes regexes)
{
    private const int MaxParts = 200;
    private const int MaxLength = 100_000;

    private static readonly HashSet<string> TextVariables = new(StringComparer.Ordinal)
    {
        "req.url", "req.method", "req.proto", "bereq.url", "bereq.method", "bereq.proto", "beresp.proto", "beresp.reason",
        "resp.proto", "resp.reason", "obj.proto", "obj.reason", "client.identity", "server.identity", "server.hostname",
        "req.hash", "bereq.hash", "local.endpoint", "local.socket",
    };

    // Of numbers a sum is a number; what follows it is joined to that.
    private bool IsJoined(SumExpression sum) =>
        (IsText(sum.First) || IsText(sum.Rest[0].Operand)) && sum.Rest.Items.All(t => !t.Subtracted);

    private CookieJar? _cookies;

    private VmodCalls Vmods => program.Vmods;

    /// <summary>Vmod cookie.</summary>
    public CookieJar Cookies => _cookies ??= new CookieJar(program, this, solver, regexes);

    /// <summary>Whether the expression is a string, as far as the shape tells.</summary>
    public bool IsText(Expression expression) => expression switch
    {
        StringLiteral => true,
        Variable variable => variable.Header is not null || TextVariables.Contains(variable.Name),
        SumExpression sum => IsText(sum.First) || sum.Rest.Items.Any(t => IsText(t.Operand)),
        FunctionCall { Key: "regsub" or "regsuball" or "std.tolower" or "std.toupper" or "std.querysort" } => true,
        FunctionCall call when Vmods.Of(call) == VmodFacts.Cookie => CookieJar.IsText(VmodCalls.FunctionOf(call)),
        MethodCall { Method: "lower" or "upper" } => true,
        _ => false,
    };

    /// <summary>The value; absent header fields read as empty.</summary>
    public (Text Value, SymbolicState State) TextOf(SymbolicState state, Expression expression)
    {
        switch (expression)
        {
            case StringLiteral { Value.Length: > MaxLength } literal:
                var tooLong = new OverApproximation(literal.Span, "it is longer than what a proof follows");
                return (new AnyText(Language.All, [], tooLong, state.Unknowns), state with { Unknowns = state.Unknowns + 1 });
            case StringLiteral literal:
                return (new ConstantText(literal.Value), state);
            case IntegerLiteral number:
                return (new ConstantText(number.Value.ToString()), state);
            case Variable { Root: "req_top.http", Header: not null } header:
                return Unknown(state, header, TaintOf(state, header), OfTop);
            case Variable { Header: not null } header:
                return (FieldOf(state, header).Read(), state);
            case Variable variable when TextVariables.Contains(variable.Name):
                return (state.TextOf(variable.Name), state);
            case SumExpression sum when IsJoined(sum):
                return TextOfSum(state, sum);
            case FunctionCall { Key: "regsub" or "regsuball" } call:
                return TextOfSubstitution(state, call);
            case FunctionCall call when Vmods.IsStd(call, "tolower") || Vmods.IsStd(call, "toupper"):
                return Mapped(state, call.Arguments[0].Value, Vmods.IsStd(call, "tolower") ? CaseMap.Lower : CaseMap.Upper);
            case FunctionCall call when Vmods.IsStd(call, "querysort"):
                return Sorted(state, call);
            case MethodCall { Method: "lower" or "upper" } call:
                return Mapped(state, call.Receiver, call.Method == "lower" ? CaseMap.Lower : CaseMap.Upper);
            case FunctionCall call when Vmods.Of(call) == VmodFacts.Cookie && Cookies.TextOf(state, call) is { } told:
                return told;
            case Variable typed when state.Strings.ContainsKey(typed.Name) || state.Flags.ContainsKey(TrackedVariables.FlagOf(typed.Name)):
                return (new MappedText(Held(state, typed), AsText), state);
            default:
                CheckCalls(expression);
                return Unknown(state, expression, TaintOf(state, expression), "its value is not modelled");
        }
    }

    /// <summary>
    /// What <c>hash_data</c> puts into the key: an absent field ends a part, as the end of the expression does. Of a field that may
    /// be absent, <see cref="CacheKeys"/> knows.
    /// </summary>
    public (IReadOnlyList<Text> Parts, SymbolicState State) PartsOf(SymbolicState state, Expression expression)
    {
        var parts = new List<Text>();
        var part = new List<Text>();
        foreach (var strand in expression is SumExpression sum && IsJoined(sum) ? sum.Rest.Items.Select(t => t.Operand).Prepend(sum.First) : [expression])
        {
            if (strand is Variable { Header: not null } header
                ? solver.WithPresence(state, FieldOf(state, header), true) is null
                : strand is FunctionCall call && Vmods.Of(call) == VmodFacts.Cookie && Cookies.IsNothing(state, call))
            {
                parts.Add(JoinedText.Of(part));
                part.Clear();
            }
            else
            {
                (var text, state) = TextOf(state, strand);
                part.Add(text);
            }
        }

        (var last, state) = Joined(state, expression, part);
        return ([.. parts, last], state);
    }

    // What is known of a typed variable: what it was set to, and what was found when it was asked.
    private static Text Held(SymbolicState state, Variable typed) => JoinedText.Of(
    [
        new ConstantText($"{typed.Name} "),
        state.Strings.GetValueOrDefault(typed.Name) ?? new InputText(typed.Name),
        new ConstantText(state.Flags.TryGetValue(TrackedVariables.FlagOf(typed.Name), out var flag) ? $" {flag}" : string.Empty),
    ]);

    /// <summary>How varnishd writes a value that is no string: not modelled, only that the same value is written the same.</summary>
    public static TextMap AsText { get; } = WritesAnything();

    private static TextMap WritesAnything()
    {
        var builder = new TransducerBuilder();
        var (read, written) = (builder.AddState(), builder.AddState(accepting: true));
        builder.Drop(read, ByteSet.All, read);
        builder.Jump(read, written);
        // Of some variables the values are text that clients send.
        builder.InsertAny(written, written);
        return new TextMap("typed", builder.Build(), why: new OverApproximation(default, "how a typed value is written is not modelled"));
    }

    /// <summary>The header field that a variable names, as it is now.</summary>
    public Field FieldOf(SymbolicState state, Variable header) => header.Root == "req_top.http"
        ? new AnyField(new AnyText(solver.Values, TaintOfTop(state, $"req.http.{header.Header!.ToLowerInvariant()}"), new OverApproximation(header.Span, OfTop), -1))
        : state.FieldOf(header.Name);

    /// <summary>The texts that may match a pattern.</summary>
    public Language LanguageOf(string pattern) => regexes.LanguageOf(pattern).May;

    /// <summary>A value of which only the inputs it may come from are known.</summary>
    public (Text Value, SymbolicState State) Unknown(SymbolicState state, Expression expression, IEnumerable<string> taint, string reason)
    {
        var why = new OverApproximation(expression.Span, reason);
        var inputs = taint.Concat(ImplicitInputsOf(state, expression)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToEquatableList();
        var bound = expression is Variable { Header: not null } ? solver.Values : Language.All;
        return (new AnyText(bound, inputs, why, state.Unknowns), state with { Unknowns = state.Unknowns + 1 });
    }

    /// <summary>Every input that the value of the expression may tell something about.</summary>
    public IEnumerable<string> TaintOf(SymbolicState state, Expression expression) => expression.WithNested().SelectMany(part => part switch
    {
        Variable { Header: not null } header => TaintOf(FieldOf(state, header)),
        Variable { Name: "req_top.url" or "req_top.method" or "req_top.proto" } top => TaintOfTop(top.Name, top.Name[..3] + top.Name[7..], state.TextOf(top.Name[..3] + top.Name[7..]).Taint),
        Variable variable => state.TextOf(variable.Name).Taint,
        FunctionCall call => StateOf(state, call),
        _ => [],
    });

    /// <summary>
    /// All that may have decided which way was taken, where the expression reads what the VCL set to this on one way and may have set
    /// to that on another.
    /// </summary>
    public IEnumerable<string> ImplicitInputsOf(SymbolicState state, Expression expression) =>
        expression.WithNested().Any(e => e switch
        {
            Variable { Header: not null } header => FieldOf(state, header) is not InputField,
            Variable variable when TextVariables.Contains(variable.Name) => state.TextOf(variable.Name) is not InputText,
            Variable variable => state.Strings.ContainsKey(variable.Name),
            FunctionCall call => Vmods.Of(call) == VmodFacts.Cookie && state.TextOf(TrackedVariables.Jar) != Text.Empty,
            _ => false,
        })
            ? solver.ImplicitInputsOf(state)
            : [];

    /// <summary>Whether nothing but the origin's answer decides the value, and it does.</summary>
    public bool IsOfResponse(SymbolicState state, Expression expression)
    {
        var taint = TaintOf(state, expression).ToArray();
        return taint.Any(IsResponse) && taint.All(s => IsResponse(s) || !s.Contains(".http.", StringComparison.Ordinal));

        static bool IsResponse(string input) => input.StartsWith("beresp.", StringComparison.Ordinal);
    }

    /// <summary>Refuses calls of vmods whose effects are not known.</summary>
    /// <exception cref="UnsupportedVclException">One is called.</exception>
    public void CheckCalls(Expression expression)
    {
        foreach (var call in expression.WithNested().OfType<FunctionCall>())
        {
            Vmods.Check(call);
            BodyMeasurement.Check(call, program);
        }
    }

    private const string OfTop = "the request that a fragment belongs to is not modelled";

    // It is this request as it is now, or another client's request, with all that the VCL wrote into it.
    private EquatableList<string> TaintOfTop(SymbolicState state, string field) => TaintOfTop(field, field, TaintOf(state.FieldOf(field)));

    private EquatableList<string> TaintOfTop(string top, string variable, IEnumerable<string> now) =>
        now.Append(top).Concat(program.Writes(variable) ? [TrackedVariables.Anything] : [])
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToEquatableList();

    private static IEnumerable<string> TaintOf(Field field) => field switch
    {
        InputField input => [input.Input],
        WrittenField written => written.Value.Taint,
        AnyField any => any.Value.Taint,
        _ => [],
    };

    // The cookie vmod keeps the cookies that it parsed; var keeps anything.
    private IEnumerable<string> StateOf(SymbolicState state, FunctionCall call) => Vmods.Of(call) switch
    {
        VmodFacts.Cookie when CookieJar.Tells(VmodCalls.FunctionOf(call)) => state.TextOf(TrackedVariables.Jar).Taint,
        "var" => [TrackedVariables.Anything],
        // What was wrong with a ban is told in its own words.
        "std" when VmodCalls.FunctionOf(call) == "ban_error" => [TrackedVariables.Anything],
        // The certificate of the client, among others.
        "proxy" => [TrackedVariables.Anything],
        _ when Vmods.ReadsUrl(call) => state.TextOf("bereq.url").Taint,
        _ => [],
    };

    /// <summary>What a call reads that is none of its arguments; null where that is nothing.</summary>
    public Text? StateRead(SymbolicState state, FunctionCall call) => Vmods.Of(call) switch
    {
        VmodFacts.Cookie => state.TextOf(TrackedVariables.Jar),
        "var" or "proxy" or "std" when StateOf(state, call).Any() => new AnyText(Language.All, [TrackedVariables.Anything], new OverApproximation(call.Span, "what this call reads is not modelled"), Number: -5),
        _ when Vmods.ReadsUrl(call) => state.TextOf("bereq.url"),
        _ => null,
    };

    private (Text Value, SymbolicState State) TextOfSum(SymbolicState state, SumExpression sum)
    {
        var parts = new List<Text>();
        foreach (var operand in sum.Rest.Items.Select(t => t.Operand).Prepend(sum.First))
        {
            (var part, state) = TextOf(state, operand);
            parts.Add(part);
        }

        solver.Budget.Spend(parts.Count);
        return Joined(state, sum, parts);
    }

    private (Text Value, SymbolicState State) TextOfSubstitution(SymbolicState state, FunctionCall call)
    {
        (var subject, state) = TextOf(state, call.Arguments[0].Value);
        (var replacement, state) = TextOf(state, call.Arguments[2].Value);
        if (call.Arguments[1].Value is StringLiteral pattern && replacement is ConstantText constant
            && regexes.MapOf(pattern.Value, constant.Value, call.Key == "regsuball") is { } map)
        {
            return (Folded(subject, map) ?? Cut(state, subject, map) ?? new MappedText(subject, map), state);
        }

        return Unknown(state, call, subject.Taint.Concat(replacement.Taint), "the result of this substitution is not modelled");
    }

    private ConstantText? Folded(Text subject, TextMap map) =>
        subject is ConstantText constant && map.Image(Language.Literal(constant.Value), solver.Budget).OnlyWord(solver.Budget) is { } only
            ? new ConstantText(System.Text.Encoding.Latin1.GetString(only))
            : null;

    /// <summary>The parts as one; what is made of very many is not followed.</summary>
    public (Text Value, SymbolicState State) Joined(SymbolicState state, Expression expression, IEnumerable<Text> parts) =>
        JoinedText.Of(parts) is var joined && joined is JoinedText { Parts.Count: > MaxParts }
            ? Unknown(state, expression, joined.Taint, "it is joined from more parts than a proof follows")
            : (joined, state);

    // Of a path and a query that were put together, what stands before the query is the path again.
    private Text? Cut(SymbolicState state, Text subject, TextMap map)
    {
        if (map.CutsAt is not { } mark || subject is not JoinedText joined)
        {
            return null;
        }

        var (line, tail) = (Language.OneOf(~ByteSet.Of('\n')).Star(solver.Budget), Language.Literal(mark.ToString()).Then(Language.All, solver.Budget));
        var before = Language.OneOf(~ByteSet.Of($"\n{mark}")).Star(solver.Budget);
        var readings = joined.Parts.Items.Select(p => solver.Reading(state, p)).ToList();
        var kept = readings.TakeWhile(r => before.Includes(r, solver.Budget)).Count();
        return kept > 0 && readings.All(r => line.Includes(r, solver.Budget))
            && readings.Skip(kept).All(r => tail.Optional(solver.Budget).Includes(r, solver.Budget))
                ? JoinedText.Of(joined.Parts.Items.Take(kept))
                : null;
    }

    private (Text Value, SymbolicState State) Mapped(SymbolicState state, Expression subject, TextMap map)
    {
        (var text, state) = TextOf(state, subject);
        return (new MappedText(text, map), state);
    }

    // A query of one line is one afterwards.
    private (Text Value, SymbolicState State) Sorted(SymbolicState state, FunctionCall call)
    {
        (var text, state) = TextOf(state, call.Arguments[0].Value);
        return Language.OneOf(~ByteSet.Of('\n')).Star(solver.Budget).Includes(solver.Reading(state, text), solver.Budget)
            ? (new MappedText(text, SortQuery(call.Span)), state)
            : Unknown(state, call, text.Taint, "it sorts what may be more lines than one");
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
        return new TextMap(
            "querysort", builder.Build(), why: new OverApproximation(place, "the order of query parameters after sorting is not modelled"),
            exactOn: regexes.LanguageOf(@"^[^?]*(\?[^&]*)?\z").Must);
    }
}
