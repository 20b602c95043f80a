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

    private static readonly HashSet<Input> TextVariables =
    [
        .. new[]
        {
            "req.url", "req.method", "req.proto", "bereq.url", "bereq.method", "bereq.proto", "beresp.proto",
            "beresp.reason", "resp.proto", "resp.reason", "obj.proto", "obj.reason", "client.identity",
            "server.identity", "server.hostname", "req.hash", "bereq.hash", "local.endpoint", "local.socket",
        }.Select(Input.Of),
    ];

    // Never nothing, and the same on all ways of a request.
    private static readonly Input[] OfServer = [Input.Of("server.ip"), Input.Of("local.ip")];

    // Of numbers a sum is a number; what follows it is joined to that.
    private bool IsJoined(SumExpression sum) =>
        (IsText(sum.First) || IsText(sum.Rest[0].Operand)) && sum.Rest.Items.All(t => !t.Subtracted);

    private CookieJar? _cookies;
    private TaintAnalysis? _taint;
    private Rewrites? _rewrites;

    private VmodCalls Vmods => program.Vmods;

    /// <summary>Vmod cookie.</summary>
    public CookieJar Cookies => _cookies ??= new CookieJar(program, this, solver, regexes);

    /// <summary>What the values tell of inputs.</summary>
    public TaintAnalysis Taint => _taint ??= new TaintAnalysis(program, this, solver);

    private Rewrites Rewrites => _rewrites ??= new Rewrites(this, solver, regexes);

    /// <summary>Whether the variable, which is no field, holds a string.</summary>
    public static bool IsTextVariable(Input variable) => TextVariables.Contains(variable);

    /// <summary>Whether the expression is a string, as far as the shape tells.</summary>
    public bool IsText(Expression expression) => expression switch
    {
        StringLiteral => true,
        Variable variable => variable.Header is not null || IsTextVariable(Input.Of(variable)),
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
                return (new AnyText(Language.All, [], tooLong, UnknownId.Next(state.Unknowns)),
                    state with { Unknowns = state.Unknowns + 1 });
            case StringLiteral literal:
                return (new ConstantText(literal.Value), state);
            case IntegerLiteral number:
                return (new ConstantText(number.Value.ToString()), state);
            case Variable { Root: "req_top.http", Header: not null } header:
                return Unknown(state, header, Taint.Of(state, header), OfTop);
            case Variable { Header: not null } header:
                return (FieldOf(state, header).Read(), state);
            case Variable variable when IsTextVariable(Input.Of(variable)):
                return (state.TextOf(Input.Of(variable)), state);
            case SumExpression sum when IsJoined(sum):
                return TextOfSum(state, sum);
            case FunctionCall { Key: "regsub" or "regsuball" } call:
                return Rewrites.Substituted(state, call);
            case FunctionCall call when Vmods.IsStd(call, "tolower") || Vmods.IsStd(call, "toupper"):
                return Mapped(state, call.Arguments[0].Value, Vmods.IsStd(call, "tolower") ? CaseMap.Lower
                    : CaseMap.Upper);
            case FunctionCall call when Vmods.IsStd(call, "querysort") && program.QueriesAreInOrder:
                return TextOf(state, call.Arguments[0].Value);
            case FunctionCall call when Vmods.IsStd(call, "querysort"):
                return Rewrites.Sorted(state, call);
            case MethodCall { Method: "lower" or "upper" } call:
                return Mapped(state, call.Receiver, call.Method == "lower" ? CaseMap.Lower : CaseMap.Upper);
            case FunctionCall call when Vmods.Of(call) == VmodFacts.Cookie && Cookies.TextOf(state, call) is { } told:
                return told;
            case Variable variable when Input.Of(variable) is var typed && (state.Strings.ContainsKey(typed)
                || state.Flags.ContainsKey(typed.Flag) || OfServer.Contains(typed)):
                return (new MappedText(Held(state, typed), TypedMap.AsText), state);
            default:
                CheckCalls(expression);
                return Unknown(state, expression, Taint.Of(state, expression), "its value is not modelled");
        }
    }

    /// <summary>
    /// What <c>hash_data</c> puts into the key: an absent field ends a part, as the end of the expression does. Of a
    /// field that may be absent, <see cref="CacheKeys"/> knows.
    /// </summary>
    public (IReadOnlyList<Text> Parts, SymbolicState State) PartsOf(SymbolicState state, Expression expression)
    {
        var parts = new List<Text>();
        var part = new List<Text>();
        foreach (var strand in expression is SumExpression sum && IsJoined(sum)
            ? sum.Rest.Items.Select(t => t.Operand).Prepend(sum.First) : [expression])
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
    private static Text Held(SymbolicState state, Input typed) => JoinedText.Of(
    [
        new ConstantText($"{typed.Name} "),
        state.Strings.GetValueOrDefault(typed) ?? new InputText(typed),
        new ConstantText(state.Flags.TryGetValue(typed.Flag, out var flag) ? $" {flag}"
            : string.Empty),
    ]);

    /// <summary>The header field that a variable names, as it is now.</summary>
    public Field FieldOf(SymbolicState state, Variable header) => header.Root == "req_top.http"
        ? new AnyField(new AnyText(solver.Values, Taint.OfTop(state, Input.Of(header).AsOfThisRequest!),
            new OverApproximation(header.Span, OfTop), UnknownId.OfTop))
        : state.FieldOf(Input.Of(header));

    /// <summary>The texts that may match a pattern.</summary>
    public Language LanguageOf(string pattern) => regexes.LanguageOf(pattern).May;

    /// <summary>A value of which only the inputs it may come from are known.</summary>
    public (Text Value, SymbolicState State) Unknown(SymbolicState state, Expression expression,
        IEnumerable<Input> taint, string reason)
    {
        var why = new OverApproximation(expression.Span, reason);
        var inputs = taint.Concat(Taint.ImplicitInputsOf(state, expression)).Distinct().Order()
            .ToEquatableList();
        var bound = expression is Variable { Header: not null } ? solver.Values : Language.All;
        return (new AnyText(bound, inputs, why, UnknownId.Next(state.Unknowns)),
            state with { Unknowns = state.Unknowns + 1 });
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

    /// <summary>The parts as one; what is made of very many is not followed.</summary>
    public (Text Value, SymbolicState State) Joined(SymbolicState state, Expression expression,
        IEnumerable<Text> parts) =>
        JoinedText.Of(parts) is var joined && joined is JoinedText { Parts.Count: > MaxParts }
            ? Unknown(state, expression, joined.Taint, "it is joined from more parts than a proof follows")
            : (joined, state);

    private (Text Value, SymbolicState State) Mapped(SymbolicState state, Expression subject, TextMap map)
    {
        (var text, state) = TextOf(state, subject);
        return (new MappedText(text, map), state);
    }
}
