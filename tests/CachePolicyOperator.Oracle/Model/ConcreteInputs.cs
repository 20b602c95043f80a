using System.Text;
using CachePolicyOperator.Core.Verification.Symbolic;
using CachePolicyOperator.Oracle.Real;

namespace CachePolicyOperator.Oracle.Model;

/// <summary>
/// The inputs of one request, and perhaps of one response, as varnishd handed them to VCL; and whether a path of the
/// exploration is open to them. The one place that reads what is known of inputs.
/// </summary>
internal sealed class ConcreteInputs
{
    private static readonly string[] Separators = [", ", "; ", ",", ";", "", " "];

    private readonly Dictionary<string, byte[]> _strings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[][]> _lines = new(StringComparer.Ordinal);
    private readonly bool _hasResponse;

    private ConcreteInputs(bool hasResponse) => _hasResponse = hasResponse;

    /// <summary>The request that a round began with, before any statement ran.</summary>
    public static ConcreteInputs OfRequest(Transaction log)
    {
        var inputs = new ConcreteInputs(hasResponse: false);
        inputs._strings["req.method"] = Bytes(log.First(LogTag.ReqMethod));
        inputs._strings["req.url"] = Bytes(log.First(LogTag.ReqURL));
        inputs._strings["req.proto"] = Bytes(log.First(LogTag.ReqProtocol));
        inputs.AddLines("req.http.", log.HeadersBefore("RECV", LogTag.ReqHeader, LogTag.ReqUnset));
        return inputs;
    }

    /// <summary>With the response that the origin gave to a try.</summary>
    public ConcreteInputs WithResponse(Transaction log)
    {
        var inputs = new ConcreteInputs(hasResponse: true);
        foreach (var (name, value) in _strings)
        {
            inputs._strings[name] = value;
        }

        foreach (var (name, lines) in _lines)
        {
            inputs._lines[name] = lines;
        }

        inputs._strings["beresp.proto"] = Bytes(log.First(LogTag.BerespProtocol));
        inputs._strings["beresp.reason"] = Bytes(log.First(LogTag.BerespReason));
        inputs.AddLines("beresp.http.", log.HeadersBefore("BACKEND_RESPONSE", LogTag.BerespHeader, LogTag.BerespUnset));
        return inputs;
    }

    public string Target => Encoding.Latin1.GetString(_strings["req.url"]);

    /// <summary>All lines of a header field.</summary>
    public IReadOnlyList<byte[]> LinesOf(string input) => _lines.GetValueOrDefault(input, []);

    /// <summary>Whether a Connection field asks to drop the field.</summary>
    public bool ConnectionNames(string field) => LinesOf("req.http.connection")
        .SelectMany(l => Encoding.Latin1.GetString(l).Split(',')).Any(n => n.Trim().Equals(field, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether everything that the path knows holds of these inputs.</summary>
    public bool Take(PathState path) => path.Known.All(known => Fits(known.Key, known.Value));

    /// <summary>The first input that the space of inputs does not contain; null where it contains all.</summary>
    public string? OutsideOf(InputSpace space) =>
        _strings.Keys.Concat(_lines.Keys).FirstOrDefault(input => !Fits(input, space.Of(input)));

    /// <summary>The values that an input may read as; null where nothing is known of it.</summary>
    public IReadOnlyList<byte[]>? Reading(string input)
    {
        if (_strings.TryGetValue(input, out var value))
        {
            return [value];
        }

        if (!IsField(input))
        {
            return null;
        }

        if (input.EndsWith(InputSpace.Collected, StringComparison.Ordinal))
        {
            return Collected(InputSpace.FieldOf(input));
        }

        return LinesOf(input) is [var first, ..] ? [first] : [[]];
    }

    private bool Fits(string input, InputFacts facts)
    {
        if (_strings.TryGetValue(input, out var value))
        {
            return facts.Value.Accepts(value);
        }

        if (!IsField(input))
        {
            return true;
        }

        if (input.EndsWith(InputSpace.Collected, StringComparison.Ordinal))
        {
            var field = InputSpace.FieldOf(input);
            return LinesOf(field).Count == 0 ? facts.MayBeAbsent : Collected(field).Any(c => facts.Value.Accepts(c));
        }

        return LinesOf(input) switch
        {
            [] => facts.MayBeAbsent,
            [var only] => facts.Value.Accepts(only),
            [var first, ..] => facts.MayRepeat && facts.Value.Accepts(first),
        };
    }

    private bool IsField(string input) =>
        input.StartsWith("req.http.", StringComparison.Ordinal)
        || (_hasResponse && input.StartsWith("beresp.http.", StringComparison.Ordinal));

    // The statement names the separator; an input does not.
    private List<byte[]> Collected(string field)
    {
        var lines = LinesOf(field);
        return lines.Count switch
        {
            0 => [[]],
            1 => [lines[0]],
            _ => [.. Separators.Select(s => Bytes(string.Join(s, lines.Select(Encoding.Latin1.GetString))))],
        };
    }

    private void AddLines(string prefix, IReadOnlyList<(string Name, string Value)> lines)
    {
        foreach (var field in lines.GroupBy(l => prefix + l.Name))
        {
            // varnishd joins these before VCL sees them, without saying so in the log.
            var isJoined = field.Key is "req.http.cache-control" or "req.http.x-forwarded-for" or "beresp.http.cache-control" or "beresp.http.vary";
            _lines[field.Key] = isJoined
                ? [Bytes(string.Join(", ", field.Select(l => l.Value)))]
                : [.. field.Select(l => Bytes(l.Value))];
        }
    }

    private static byte[] Bytes(string? latin1) => Encoding.Latin1.GetBytes(latin1 ?? string.Empty);
}
