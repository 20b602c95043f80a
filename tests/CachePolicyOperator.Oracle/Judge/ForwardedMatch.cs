using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;
using CachePolicyOperator.Oracle.Model;
using CachePolicyOperator.Oracle.Real;

namespace CachePolicyOperator.Oracle.Judge;

/// <summary>Whether what the origin saw is what a path says of the backend request.</summary>
internal static class ForwardedMatch
{
    // varnishd writes these itself, whatever the VCL says of them.
    private static readonly HashSet<string> Own = new(StringComparer.Ordinal)
    {
        "x-varnish", "x-vinyl", "accept-encoding", "via", "connection", "content-length", "transfer-encoding",
            "if-modified-since", "if-none-match",
    };

    /// <summary>Null where it is; otherwise what differs.</summary>
    public static string? Difference(
        SymbolicState path, ConcreteInputs inputs, HttpHead seen, IEnumerable<string> sent, ConcreteValues values)
    {
        var first = seen.First.IndexOf(' ', StringComparison.Ordinal);
        var last = seen.First.LastIndexOf(' ');
        if (!values.Of(path.MethodSent(), inputs).Contain(seen.First[..first]))
        {
            return $"method `{seen.First[..first]}`";
        }

        var url = seen.First[(first + 1)..last];
        if (!values.Of(path.UrlSent(), inputs).Contain(url))
        {
            return $"url `{url}`, expected {values.Of(path.UrlSent(), inputs)}";
        }

        if (path.Flags.TryGetValue(Flag.Body, out var hasBody) && !hasBody
            && seen.Field("content-length") is not (null or "0"))
        {
            return "a body";
        }

        var names = seen.Lines.Select(l => l.Name).Concat(sent).Distinct(StringComparer.Ordinal)
            .Where(n => !Own.Contains(n));
        foreach (var name in names)
        {
            var lines = seen.Lines.Where(l => l.Name == name).Select(l => l.Value).ToArray();
            if (!Fits(path.FieldOf(Input.OfBackendField(name)), lines, inputs, values, name))
            {
                return $"`{name}: {string.Join(" / ", lines)}` in {lines.Length} lines, expected "
                    + $"{Show(path.FieldOf(Input.OfBackendField(name)), inputs, values)}";
            }
        }

        return null;
    }

    private static bool Fits(Field field, string[] lines, ConcreteInputs inputs, ConcreteValues values, string name)
    {
        // Without a Host line varnishd writes the backend's.
        if (name == "host" && lines is [['1', '2', '7', '.', ..]] && field is not WrittenField)
        {
            return true;
        }

        return field switch
        {
            AbsentField => lines.Length == 0,
            // What is dropped without the VCL mentioning it is nobody's business.
            InputField when lines.Length == 0
                && (RequestFields.Dropped.Contains(name) || inputs.ConnectionNames(name)) => true,
            InputField input => input.Input.Kind == InputKind.AllLines
                ? lines.Length <= 1
                    && values.Of(new InputText(input.Input), inputs)
                    .ContainTrimmed(lines.Length == 0 ? string.Empty : lines[0])
                : Same(inputs.LinesOf(input.Input), lines),
            WrittenField written => lines.Length == 1 && values.Of(written.Value, inputs).ContainTrimmed(lines[0]),
            _ => true,
        };
    }

    private static string Show(Field field, ConcreteInputs inputs, ConcreteValues values) => field switch
    {
        WrittenField written => values.Of(written.Value, inputs).ToString(),
        InputField input => $"{input.Input} as it arrived",
        _ => field.GetType().Name,
    };

    private static bool Same(IReadOnlyList<string> arrived, string[] lines) =>
        arrived.Count == lines.Length
            && arrived.Order(StringComparer.Ordinal).SequenceEqual(lines.Order(StringComparer.Ordinal));
}
