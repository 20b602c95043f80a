using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>Reads the classes of devices in the key of a rule.</summary>
internal static class DeviceReader
{
    private const string Field = "user-agent";
    private const string Pattern = "userAgent";
    private const int Most = 16;
    private const int LongestName = 64;

    /// <summary>None where none is written, or something is wrong.</summary>
    public static IEnumerable<KeyChoice> Read(FieldReader key)
    {
        var classes = key.Each("devices", Most)
            .Select(element => FieldReader.Of<DeviceSpec>(element.Node, element.Path, key.Findings)).ToArray();
        if (classes.Length == 0)
        {
            if (key.IsEmptyList("devices"))
            {
                key.Findings.Error("field/empty", key.At("devices"), "`devices` lists no class",
                    "list classes, or remove it");
            }

            return [];
        }

        var names = classes.Select(Name).ToArray();
        var named = names.Zip(classes).Where(c => c.First is not null).GroupBy(c => c.First);
        foreach (var twice in named.Where(g => g.Count() > 1))
        {
            var reader = twice.Last().Second;
            reader.Findings.Error("name/duplicate", reader.At("name"), $"{Quoted.Text(twice.Key!)} is listed twice",
                "give each class a name of its own; several patterns of one class are one, `a|b`");
        }

        var patterns = classes[..^1].Select(PatternOf).ToArray();
        // Read all the same, so that it is told what is wrong with it.
        var surplus = classes[^1].Text(Pattern);
        if (classes.Length == 1 || surplus is not null)
        {
            key.Findings.Error("key/no-others", classes[^1].Path, "no class is for devices of no other class",
                classes.Length == 1 && !classes[0].Has(Pattern)
                    ? $"put a class before it that has a `{Pattern}`"
                    : $"end the list with a class without `{Pattern}`, for example `{{name: desktop}}`");
        }

        return names.Concat(patterns).Any(text => text is null) || classes.Length == 1 || surplus is not null
            ? []
            : [
                new KeyChoice(ChoiceOf.Device, Field, names[..^1].OfType<string>().ToEquatableList(), names[^1]!)
                {
                    Patterns = patterns.OfType<string>().ToEquatableList(),
                },
            ];
    }

    private static string? Name(FieldReader reader)
    {
        const string Help = "name the class: the origin gets its name as `User-Agent`";
        if (reader.RequiredText("name", Help, LongestName) is not { } name)
        {
            return null;
        }

        if (Names.IsToken(name))
        {
            return name;
        }

        reader.Findings.Error("value/invalid", reader.At("name"),
            $"{Quoted.Text(name)} is no value that can be told apart",
            "use letters, digits and marks such as `-` and `_`, without blanks, `,` and `;`");
        return null;
    }

    private static string? PatternOf(FieldReader reader)
    {
        const string Help = "give a regular expression for its `User-Agent`; only the last class is for all others";
        if (reader.RequiredText(Pattern, Help) is not { } pattern)
        {
            return null;
        }

        var problems = RoutePatternCheck.Check(new PathRegex(pattern), reader.At(Pattern));
        foreach (var problem in problems)
        {
            reader.Findings.Add(problem);
        }

        return problems.Count > 0 ? null : pattern;
    }
}
