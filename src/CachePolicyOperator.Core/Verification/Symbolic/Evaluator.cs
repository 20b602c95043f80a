using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Verification.Symbolic;

/// <summary>Values of string expressions on a path.</summary>
internal sealed class Evaluator(ProgramFacts program, InputSpace space, Regexes regexes)
{
    private static readonly HashSet<string> TextVariables = new(StringComparer.Ordinal)
    {
        "req.url", "req.method", "req.proto", "bereq.url", "bereq.method", "bereq.proto", "beresp.proto", "beresp.reason",
        "resp.proto", "resp.reason", "obj.proto", "obj.reason", "client.identity", "server.identity", "server.hostname",
        "req.hash", "bereq.hash", "req_top.url", "req_top.method", "req_top.proto", "local.endpoint", "local.socket",
        "beresp.filters", "resp.filters",
    };

    /// <summary>Whether the expression is a string, as far as the shape tells.</summary>
    public static bool IsText(Expression expression) => expression switch
    {
        StringLiteral => true,
        Variable variable => variable.Header is not null || TextVariables.Contains(variable.Name),
        SumExpression sum => IsText(sum.First) || sum.Rest.Items.Any(t => IsText(t.Operand)),
        FunctionCall { Key: "regsub" or "regsuball" or "std.tolower" or "std.toupper" or "std.querysort" } => true,
        MethodCall { Method: "lower" or "upper" } => true,
        _ => false,
    };

    /// <summary>The value; absent header fields read as empty.</summary>
    public (Text Value, PathState State) TextOf(PathState state, Expression expression)
    {
        switch (expression)
        {
            case StringLiteral literal:
                return (new ConstantText(literal.Value), state);
            case IntegerLiteral number:
                return (new ConstantText(number.Value.ToString()), state);
            case Variable { Root: "req_top.http", Header: not null } header:
                return Unknown(state, header, [$"req.http.{header.Header.ToLowerInvariant()}"], "the request that a fragment belongs to is not modelled");
            case Variable { Header: not null } header:
                return (InputSpace.TextOf(FieldOf(state, header)), state);
            case Variable variable when TextVariables.Contains(variable.Name):
                return (state.TextOf(variable.Name), state);
            case SumExpression sum:
                return TextOfSum(state, sum);
            case FunctionCall { Key: "regsub" or "regsuball" } call:
                return TextOfSubstitution(state, call);
            case FunctionCall call when IsStd(call, "tolower") || IsStd(call, "toupper"):
                return Mapped(state, call.Arguments[0].Value, IsStd(call, "tolower") ? CaseMap.Lower : CaseMap.Upper);
            case FunctionCall call when IsStd(call, "querysort"):
                return Mapped(state, call.Arguments[0].Value, SortQuery(call.Span));
            case MethodCall { Method: "lower" or "upper" } call:
                return Mapped(state, call.Receiver, call.Method == "lower" ? CaseMap.Lower : CaseMap.Upper);
            default:
                CheckCalls(expression);
                return Unknown(state, expression, Sources(state, expression), "its value is not modelled");
        }
    }

    /// <summary>The header field that a variable names, as it is now.</summary>
    public static Field FieldOf(PathState state, Variable header) => state.FieldOf(header.Name);

    /// <summary>The texts that may match a pattern.</summary>
    public Language LanguageOf(string pattern) => regexes.LanguageOf(pattern).May;

    /// <summary>A value of which only the inputs it may come from are known.</summary>
    public (Text Value, PathState State) Unknown(PathState state, Expression expression, IEnumerable<string> sources, string reason)
    {
        var why = new Widening(expression.Span, reason);
        var origins = sources.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToEquatableList();
        return (new AnyText(space.Values, origins, why, state.Unknowns), state with { Unknowns = state.Unknowns + 1 });
    }

    /// <summary>Every input that the value of the expression may tell something about.</summary>
    public IEnumerable<string> Sources(PathState state, Expression expression) => expression switch
    {
        Variable { Header: not null } header => SourcesOf(FieldOf(state, header)),
        Variable variable => state.TextOf(variable.Name).Sources,
        SumExpression sum => sum.Rest.Items.Select(t => t.Operand).Prepend(sum.First).SelectMany(e => Sources(state, e)),
        ProductExpression product => product.Rest.Items.Select(f => f.Operand).Prepend(product.First).SelectMany(e => Sources(state, e)),
        NegateExpression negate => Sources(state, negate.Operand),
        MethodCall call => call.Arguments.Items.SelectMany(a => Sources(state, a.Value)).Concat(Sources(state, call.Receiver)),
        FieldAccess access => Sources(state, access.Receiver),
        FunctionCall call => call.Arguments.Items.SelectMany(a => Sources(state, a.Value)).Concat(StateOf(call)),
        ComparisonExpression comparison => Sources(state, comparison.Left).Concat(Sources(state, comparison.Right)),
        MatchExpression match => Sources(state, match.Left),
        NotExpression not => Sources(state, not.Operand),
        AndExpression and => and.Operands.Items.SelectMany(e => Sources(state, e)),
        OrExpression or => or.Operands.Items.SelectMany(e => Sources(state, e)),
        _ => [],
    };

    /// <summary>Whether nothing but the origin's answer decides the value, and it does.</summary>
    public bool IsOfResponse(PathState state, Expression expression)
    {
        var sources = Sources(state, expression).ToArray();
        return sources.Any(IsResponse) && sources.All(s => IsResponse(s) || !s.Contains(".http.", StringComparison.Ordinal));

        static bool IsResponse(string source) => source.StartsWith("beresp.", StringComparison.Ordinal);
    }

    /// <summary>Refuses calls of vmods whose effects are not known.</summary>
    /// <exception cref="UnsupportedVclException">One is called.</exception>
    public void CheckCalls(Expression expression)
    {
        switch (expression)
        {
            case FunctionCall call:
                CheckVmod(call);
                foreach (var argument in call.Arguments)
                {
                    CheckCalls(argument.Value);
                }

                break;
            case MethodCall call:
                CheckCalls(call.Receiver);
                foreach (var argument in call.Arguments)
                {
                    CheckCalls(argument.Value);
                }

                break;
            case SumExpression sum:
                CheckCalls(sum.First);
                foreach (var term in sum.Rest)
                {
                    CheckCalls(term.Operand);
                }

                break;
            case ProductExpression product:
                CheckCalls(product.First);
                foreach (var factor in product.Rest)
                {
                    CheckCalls(factor.Operand);
                }

                break;
            case NegateExpression negate:
                CheckCalls(negate.Operand);
                break;
            case FieldAccess access:
                CheckCalls(access.Receiver);
                break;
            case ComparisonExpression comparison:
                CheckCalls(comparison.Left);
                CheckCalls(comparison.Right);
                break;
        }
    }

    /// <summary>Whether the call is of vmod std's function, under whatever name the VCL imports it.</summary>
    public bool IsStd(FunctionCall call, string function) => VmodOf(call) == "std" && FunctionOf(call) == function;

    /// <summary>The vmod of a call; null where the name is an object or nothing we know.</summary>
    public string? VmodOf(FunctionCall call) =>
        call.Key.Contains('.', StringComparison.Ordinal) ? program.VmodOf(call.Key.Split('.', 2)[0]) : null;

    public static string FunctionOf(FunctionCall call) => call.Key.Split('.', 2)[^1];

    private static IEnumerable<string> SourcesOf(Field field) => field switch
    {
        InputField input => [input.Input],
        WrittenField written => written.Value.Sources,
        AnyField any => any.Value.Sources,
        _ => [],
    };

    // The cookie vmod keeps the cookies that it parsed; var keeps anything.
    private IEnumerable<string> StateOf(FunctionCall call) => VmodOf(call) switch
    {
        "cookie" => ["req.http.cookie"],
        "var" => [PathFacts.Anything],
        _ => [],
    };

    private void CheckVmod(FunctionCall call)
    {
        if (!call.Key.Contains('.', StringComparison.Ordinal))
        {
            return;
        }

        var vmod = VmodOf(call) ?? program.VmodOfObject(call.Key.Split('.', 2)[0]);
        if (vmod is not ("std" or "cookie" or "var") && (vmod is null || !VmodFacts.Harmless.Contains(vmod)))
        {
            throw new UnsupportedVclException(call.Span, $"`{call.Name}` belongs to a vmod whose effects are not known");
        }
    }

    private (Text Value, PathState State) TextOfSum(PathState state, SumExpression sum)
    {
        var parts = new List<Text>();
        foreach (var operand in sum.Rest.Items.Select(t => t.Operand).Prepend(sum.First))
        {
            (var part, state) = TextOf(state, operand);
            parts.Add(part);
        }

        return (JoinedText.Of(parts), state);
    }

    private (Text Value, PathState State) TextOfSubstitution(PathState state, FunctionCall call)
    {
        (var subject, state) = TextOf(state, call.Arguments[0].Value);
        (var replacement, state) = TextOf(state, call.Arguments[2].Value);
        if (call.Arguments[1].Value is StringLiteral pattern && replacement is ConstantText constant
            && regexes.MapOf(pattern.Value, constant.Value, call.Key == "regsuball") is { } map)
        {
            return (new MappedText(subject, map), state);
        }

        return Unknown(state, call, subject.Sources.Concat(replacement.Sources), "the result of this substitution is not modelled");
    }

    private (Text Value, PathState State) Mapped(PathState state, Expression subject, TextMap map)
    {
        (var text, state) = TextOf(state, subject);
        return (new MappedText(text, map), state);
    }

    // Sorting parameters leaves the path as it is; of the query nothing is claimed.
    private static TextMap SortQuery(SourceSpan place)
    {
        var builder = new TransducerBuilder();
        var path = builder.AddState(accepting: true);
        var mark = ByteSet.Of('?');
        builder.Copy(path, ~mark, path);
        var query = builder.AddState();
        var rest = builder.AddState(accepting: true);
        builder.Copy(path, mark, query);
        builder.Drop(path, mark, rest);
        builder.Jump(query, rest);
        for (var value = 0x21; value <= 0xff; value++)
        {
            if (value != 0x7f)
            {
                builder.AddArc(query, new TransducerArc(ByteSet.Empty, value, query));
            }
        }

        builder.Drop(rest, ByteSet.All, rest);
        return new TextMap(
            "querysort", builder.Build(), why: new Widening(place, "the order of query parameters after sorting is not modelled"));
    }
}
