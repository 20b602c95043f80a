using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>Reads what is in the key of a rule.</summary>
internal static class KeyReader
{
    private const int MostHeaders = 200;
    private const int MostChoices = 8;
    private const int MostValues = 32;
    private const int LongestValue = 64;
    private const string None = "None";

    public static CacheKey Read(FieldReader key)
    {
        var (headers, chosen) = Headers(key);
        KeyChoice[] devices = [.. DeviceReader.Read(key)];
        if (devices.Any(d => headers.Contains(d.Name) || chosen.Any(c => c.Name == d.Name)))
        {
            key.Findings.Error("field/conflict", key.At("devices"),
                "`User-Agent` is in `headers`, and `devices` brings it to a few classes",
                "take it out of `headers`");
        }

        return new CacheKey(Query(key), headers) { Choices = [.. chosen, .. devices, .. Cookies(key)] };
    }

    private static QueryKey Query(FieldReader key)
    {
        switch (key.KindOf("query"))
        {
            case NodeKind.List:
                return QueryKey.Only(Parameters(key, "query"));
            case NodeKind.Text:
                return key.Choice("query", None) is null ? QueryKey.Whole : QueryKey.None;
            case null:
                return QueryKey.Whole;
        }

        var query = key.Map<KeyQuerySpec>("query");
        var given = query.Given("only", "except");
        if (given.Length == 1)
        {
            var names = Parameters(query, given[0]);
            return given[0] == "only" ? QueryKey.Only(names) : QueryKey.Except(names);
        }

        if (query.IsGiven)
        {
            key.Findings.Error(given.Length == 0 ? "match/missing" : "field/conflict", query.Path,
                given.Length == 0 ? "the query says nothing" : "the query has both `only` and `except`",
                "give one of them; without `query` all parameters are in the key, with `query: None` none is");
        }

        return QueryKey.Whole;
    }

    private static EquatableList<string> Parameters(FieldReader reader, string field)
    {
        var names = PersonalReader.QueryNames(reader, field);
        foreach (var name in names.Items.Where(n => n.Contains('*')))
        {
            if (field != "except" || name.IndexOf('*') != name.Length - 1)
            {
                reader.Findings.Error("name/invalid", reader.At(field),
                    $"{Quoted.Text(name)} is no name of a query parameter",
                    field == "except" ? "a `*` may only end a name"
                        : "name each parameter; a `*` may end a name in `except`");
            }
        }

        return names;
    }

    private static (EquatableList<string> Raw, List<KeyChoice> Chosen) Headers(FieldReader key)
    {
        var raw = new List<string>();
        var chosen = new List<KeyChoice>();
        foreach (var (node, path) in key.Each("headers", MostHeaders))
        {
            string? name;
            if (node.Kind == NodeKind.Map)
            {
                var header = FieldReader.Of<KeyHeaderSpec>(node, path, key.Findings);
                var choice = Choice(header, ChoiceOf.Header, "header", "choose", "default");
                name = choice?.Name;
                chosen.AddRange(choice is null ? [] : [choice]);
            }
            else
            {
                name = PersonalReader.TokenOf(key, node, path, "header")?.ToLowerInvariant();
                raw.AddRange(name is null ? [] : [name]);
            }

            if (name is not null && raw.Concat(chosen.Select(c => c.Name)).Count(n => n == name) > 1)
            {
                key.Findings.Error("name/duplicate", path, $"{Quoted.Text(name)} is listed twice in `headers`",
                    "remove one of them");
            }
        }

        return (raw.Distinct().ToEquatableList(), chosen);
    }

    private static List<KeyChoice> Cookies(FieldReader key)
    {
        var chosen = new List<KeyChoice>();
        foreach (var (node, path) in key.Each("cookies", MostChoices))
        {
            var cookie = FieldReader.Of<KeyCookieSpec>(node, path, key.Findings);
            if (Choice(cookie, ChoiceOf.Cookie, "cookie", "values", "otherwise") is { } choice)
            {
                if (chosen.Any(c => c.Name == choice.Name))
                {
                    key.Findings.Error("name/duplicate", path,
                        $"{Quoted.Text(choice.Name)} is listed twice in `cookies`",
                        "remove one of them");
                }

                chosen.Add(choice);
            }
        }

        return chosen;
    }

    private static KeyChoice? Choice(FieldReader reader, ChoiceOf of, string what, string values, string otherwise)
    {
        if (!reader.IsGiven)
        {
            return null;
        }

        var name = reader.RequiredText("name", $"name the {what}");
        if (name is not null && !Names.IsToken(name))
        {
            reader.Findings.Error("name/invalid", reader.At("name"), $"{Quoted.Text(name)} is no name of a {what}",
                "write the name alone, without `:`, `=` or spaces");
            name = null;
        }

        var told = reader.Texts(values, MostValues, LongestValue).ToArray();
        if (!reader.Has(values) || reader.IsEmptyList(values))
        {
            reader.Missing(values, $"list what is told apart, for example `{values}: [ja, en]`");
        }

        var rest = reader.RequiredText(otherwise, "say what anything else comes to", LongestValue);
        var odd = told.Append((Text: rest ?? "x", Path: reader.At(otherwise))).Where(v => !Names.IsToken(v.Text))
            .ToArray();
        foreach (var (text, path) in odd)
        {
            reader.Findings.Error("value/invalid", path, $"{Quoted.Text(text)} is no value that can be told apart",
                "use letters, digits and marks such as `-` and `_`, without blanks, `,` and `;`");
        }

        foreach (var twice in told.GroupBy(v => v.Text, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
        {
            reader.Findings.Error("name/duplicate", twice.Last().Path, $"{Quoted.Text(twice.Key)} is listed twice",
                "remove one of them");
        }

        return name is null || rest is null || told.Length == 0 || odd.Length > 0 ? null
            : new KeyChoice(
                of, of == ChoiceOf.Header ? name.ToLowerInvariant() : name,
                told.Select(v => v.Text).ToEquatableList(), rest);
    }
}
