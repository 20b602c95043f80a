using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>Reads which requests a rule passes although it matches them.</summary>
internal static class BypassReader
{
    private const int Most = 100;

    public static Bypass Read(FieldReader bypass)
    {
        var (cookies, headers, query) =
            (Brought(bypass, "cookies", "cookie"), Brought(bypass, "headers", "header"), Brought(bypass, "query", "query parameter"));
        return new Bypass(
            cookies,
            headers.Items.Select(h => h with { Name = h.Name.ToLowerInvariant() }).ToEquatableList(),
            query);
    }

    private static EquatableList<BroughtValue> Brought(FieldReader bypass, string field, string what)
    {
        var brought = new List<BroughtValue>();
        foreach (var (node, path) in bypass.Each(field, Most))
        {
            var reader = FieldReader.Of<BroughtSpec>(node, path, bypass.Findings);
            var name = reader.IsGiven ? reader.RequiredText("name", $"name the {what}") : null;
            var value = Value(reader);
            if (name is null || (reader.Has("value") && value is null))
            {
                continue;
            }

            if (!Names.IsToken(name) || name.IndexOf('*') is >= 0 and var star && (star < name.Length - 1 || what == "header"))
            {
                bypass.Findings.Error("name/invalid", reader.At("name"), $"{Quoted.Text(name)} is no name of a {what}",
                    what == "header" ? "write the name alone, without `:` and blanks"
                    : "write the name alone, without `=` and blanks; a `*` may end it");
                continue;
            }

            brought.Add(new BroughtValue(name, value));
        }

        return brought.ToEquatableList();
    }

    private static string? Value(FieldReader reader)
    {
        if (reader.Text("value") is not { } value)
        {
            return null;
        }

        var problems = RoutePatternCheck.Check(new PathRegex(value), reader.At("value"));
        foreach (var problem in problems)
        {
            reader.Findings.Add(problem);
        }

        return problems.Count > 0 ? null : value;
    }
}
