using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>Reads cookies, headers and parameters of the query that a request may bring.</summary>
internal static class BroughtReader
{
    private const int Most = 100;

    public static EquatableList<BroughtValue> Headers(FieldReader parent, string field) =>
        Read(parent, field, "header");

    public static EquatableList<BroughtValue> Read(FieldReader parent, string field, string what)
    {
        var brought = new List<BroughtValue>();
        foreach (var (node, path) in parent.Each(field, Most))
        {
            var reader = FieldReader.Of<BroughtSpec>(node, path, parent.Findings);
            var name = reader.IsGiven ? reader.RequiredText("name", $"name the {what}") : null;
            var value = Value(reader);
            if (name is null || (reader.Has("value") && value is null))
            {
                continue;
            }

            if (!Names.IsToken(name) || name.IndexOf('*') is >= 0 and var star
                && (star < name.Length - 1 || what == "header"))
            {
                parent.Findings.Error("name/invalid", reader.At("name"), $"{Quoted.Text(name)} is no name of a {what}",
                    what == "header" ? "write the name alone, without `:` and blanks"
                    : "write the name alone, without `=` and blanks; a `*` may end it");
                continue;
            }

            if (what == "header" && Other(name) is { } other)
            {
                parent.Findings.Error("name/reserved", reader.At("name"),
                    $"by the header {Quoted.Text(name)} nothing is told here", other);
                continue;
            }

            var told = new BroughtValue(what == "header" ? name.ToLowerInvariant() : name, value);
            if (brought.Contains(told))
            {
                parent.Findings.Error("name/duplicate", path, $"{Quoted.Text(name)} is listed twice in `{field}`",
                    "remove one of them");
                continue;
            }

            brought.Add(told);
        }

        return brought.ToEquatableList();
    }

    private static string? Other(string header) => header.ToLowerInvariant() switch
    {
        "cookie" => "name cookies in `cookies`",
        "host" => "name hosts in `match.hosts`",
        var name when name.StartsWith("x-cachepolicy-", StringComparison.Ordinal) =>
            "fields of that name are the cache's own, and taken away from what clients send; use another",
        _ => null,
    };

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
