using CachePolicyOperator.Core.Verification.Program;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;
using CachePolicyOperator.Oracle.Real;

namespace CachePolicyOperator.Oracle.Model;

/// <summary>
/// The inputs of one request, and perhaps of one response, as varnishd handed them to VCL (Latin-1); and whether a path
/// of the exploration is open to them. With <see cref="KnownFacts"/> the one place that reads what is known of inputs.
/// </summary>
internal sealed class ConcreteInputs
{
    private static readonly string[] Separators = [", ", "; ", ",", ";", "", " "];

    private readonly KnownFacts _facts;
    private readonly Dictionary<Input, string> _strings;
    private readonly Dictionary<Input, string[]> _lines;
    private readonly bool _hasResponse;

    private ConcreteInputs(
        KnownFacts facts, Dictionary<Input, string> strings, Dictionary<Input, string[]> lines, bool hasResponse) =>
        (_facts, _strings, _lines, _hasResponse) = (facts, strings, lines, hasResponse);

    public string Target => _strings[Input.Url];

    /// <summary>The request that a round began with, before any statement ran.</summary>
    public static ConcreteInputs OfRequest(Transaction log, KnownFacts facts)
    {
        var inputs = new ConcreteInputs(facts, [], [], hasResponse: false);
        inputs._strings[Input.Method] = log.First(LogTag.ReqMethod) ?? string.Empty;
        inputs._strings[Input.Url] = log.First(LogTag.ReqURL) ?? string.Empty;
        inputs._strings[Input.Protocol] = log.First(LogTag.ReqProtocol) ?? string.Empty;
        inputs.AddLines(Input.OfClientField, log.HeadersBefore("RECV", LogTag.ReqHeader, LogTag.ReqUnset));
        return inputs;
    }

    /// <summary>With the response that the origin gave to a try.</summary>
    public ConcreteInputs WithResponse(Transaction log)
    {
        var inputs = new ConcreteInputs(_facts, new(_strings), new(_lines), hasResponse: true);
        inputs._strings[Input.Of("beresp.proto")] = log.First(LogTag.BerespProtocol) ?? string.Empty;
        inputs._strings[TrackedVariables.Reason] = log.First(LogTag.BerespReason) ?? string.Empty;
        var method = log.Called("BACKEND_ERROR") ? "BACKEND_ERROR" : "BACKEND_RESPONSE";
        inputs._strings[TrackedVariables.Status] = log.LastBefore(method, LogTag.BerespStatus) ?? string.Empty;
        inputs.AddLines(Input.OfAnswerField, log.HeadersBefore(method, LogTag.BerespHeader, LogTag.BerespUnset));
        return inputs;
    }

    /// <summary>All lines of a header field.</summary>
    public IReadOnlyList<string> LinesOf(Input input) => _lines.GetValueOrDefault(input, []);

    /// <summary>Whether a Connection field asks to drop the field.</summary>
    public bool ConnectionNames(string field) => LinesOf(Input.OfClientField("connection"))
        .SelectMany(l => l.Split(',')).Any(n => n.Trim().Equals(field, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether everything that the path knows holds of these inputs.</summary>
    public bool Take(SymbolicState path)
    {
        foreach (var (input, facts) in path.PathCondition)
        {
            if (!Fits(input, facts))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The first input that the space of inputs does not contain; null where it contains all.</summary>
    public Input? OutsideOf(Solver solver) =>
        _strings.Keys.Concat(_lines.Keys).FirstOrDefault(input => !Fits(input, solver.Of(input)));

    /// <summary>The values that an input may read as; null where nothing is known of it.</summary>
    public IReadOnlyList<string>? Reading(Input input)
    {
        if (_strings.TryGetValue(input, out var value))
        {
            return [value];
        }

        if (!IsField(input))
        {
            return null;
        }

        if (input.Kind == InputKind.AllLines)
        {
            return Collected(input.Variable);
        }

        return LinesOf(input) is [var first, ..] ? [first] : [string.Empty];
    }

    private bool Fits(Input input, InputFacts facts)
    {
        if (_strings.TryGetValue(input, out var value))
        {
            return _facts.Accepts(facts, value);
        }

        // What a path found of a value is asked where the value is.
        if (!IsField(input) || input.IsFound)
        {
            return true;
        }

        if (input.Kind == InputKind.AllLines)
        {
            var field = input.Variable;
            return LinesOf(field).Count == 0 ? facts.MayBeAbsent
                : Collected(field).Exists(c => _facts.Accepts(facts, c));
        }

        return LinesOf(input) switch
        {
            [] => facts.MayBeAbsent,
            [var only] => _facts.Accepts(facts, only),
            [var first, ..] => facts.MayRepeat && _facts.Accepts(facts, first),
        };
    }

    private bool IsField(Input input) => input.IsOfClientField || (_hasResponse && input.IsOfAnswer && input.IsOfField);

    // The statement names the separator; an input does not.
    private List<string> Collected(Input field)
    {
        var lines = LinesOf(field);
        return lines.Count switch
        {
            0 => [string.Empty],
            1 => [lines[0]],
            _ => [.. Separators.Select(s => string.Join(s, lines))],
        };
    }

    private void AddLines(Func<string, Input> input, IReadOnlyList<(string Name, string Value)> lines)
    {
        foreach (var field in lines.GroupBy(l => input(l.Name)))
        {
            // varnishd joins these before VCL sees them, without saying so in the log.
            var isJoined = field.Key.IsJoinedBefore && field.Key != Input.Host;
            _lines[field.Key] = isJoined ? [string.Join(", ", field.Select(l => l.Value))]
                : [.. field.Select(l => l.Value)];
        }
    }
}
