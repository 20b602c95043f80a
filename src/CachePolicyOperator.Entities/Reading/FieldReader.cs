using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>
/// Takes the fields of one map, each by name and by what it should be, and reports what is wrong under its exact path.
/// The fields that it knows are those of the entity class, so that schema, entity and reader cannot disagree.
/// </summary>
internal sealed class FieldReader
{
    private readonly DocumentNode? _node;

    private FieldReader(DocumentNode? node, string path, Findings findings)
    {
        _node = node;
        Path = path;
        Findings = findings;
    }

    public string Path { get; }

    public Findings Findings { get; }

    /// <summary>Whether the map was written at all (and was a map).</summary>
    public bool IsGiven => _node is not null;

    public static FieldReader Of<[DynamicallyAccessedMembers(FieldNames.Kept)] TSpec>(
        DocumentNode? node, string path, Findings findings)
    {
        if (node is not null && node.Kind != NodeKind.Map)
        {
            WrongType(findings, path, node, "a map of fields", $"write its fields: {Fields(FieldNames.Of<TSpec>())}");
            node = null;
        }

        foreach (var field in node?.Fields ?? [])
        {
            if (!FieldNames.Of<TSpec>().Contains(field.Name))
            {
                findings.Error("field/unknown", Join(path, Quoted.Plain(field.Name)),
                    $"there is no field {Quoted.Text(field.Name)} here",
                    findings.IsFull ? null : Suggestion.For(field.Name, FieldNames.Of<TSpec>()));
            }
        }

        return new FieldReader(node, path, findings);
    }

    public bool Has(string name) => _node?.Find(name) is not null;

    /// <summary>
    /// What the field is written as; null where it is absent, and where it has no value, which is told.
    /// </summary>
    public NodeKind? KindOf(string name) => Value(name)?.Kind;

    /// <summary>Whether the field is a list without elements.</summary>
    public bool IsEmptyList(string name) => _node?.Find(name) is { Kind: NodeKind.List, Items.Count: 0 };

    /// <summary>Whether the field is exactly this text.</summary>
    public bool Is(string name, string text) => TextIfAny(name) == text;

    /// <summary>The field where it is a text; says nothing where it is not.</summary>
    public string? TextIfAny(string name) => _node?.Find(name) is { Kind: NodeKind.Text } value ? value.Text : null;

    /// <summary>The names among <paramref name="names"/> that are given, in that order.</summary>
    public string[] Given(params ReadOnlySpan<string> names)
    {
        var given = new List<string>();
        foreach (var name in names)
        {
            if (Has(name))
            {
                given.Add(name);
            }
        }

        return [.. given];
    }

    public FieldReader Map<[DynamicallyAccessedMembers(FieldNames.Kept)] TSpec>(string name) =>
        Of<TSpec>(Value(name), At(name), Findings);

    /// <summary>As <see cref="Map"/>, and reports where it is missing.</summary>
    public FieldReader RequiredMap<[DynamicallyAccessedMembers(FieldNames.Kept)] TSpec>(string name, string help)
    {
        if (_node is not null && !Has(name))
        {
            Missing(name, help);
        }

        return Map<TSpec>(name);
    }

    /// <summary>A text of 1 to <paramref name="longest"/> characters; null where it is absent or wrong.</summary>
    public string? Text(string name, int longest = 2048)
    {
        var value = Value(name);
        return value is null ? null : TextOf(value, At(name), longest);
    }

    public string? RequiredText(string name, string help, int longest = 2048)
    {
        if (_node is not null && !Has(name))
        {
            Missing(name, help);
        }

        return Text(name, longest);
    }

    /// <summary>A text that is one of <paramref name="choices"/>.</summary>
    public string? Choice(string name, params string[] choices)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (choices.Contains(text))
        {
            return text;
        }

        Findings.Error("field/choice", At(name), $"{Quoted.Text(text)} is no value of `{name}`",
            Suggestion.For(text, choices));
        return null;
    }

    public int? Whole(string name, int least, int most)
    {
        if (Value(name) is not { } value)
        {
            return null;
        }

        if (value.Kind != NodeKind.Number)
        {
            WrongType(value, At(name), "a whole number",
                int.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out _)
                    ? $"write {value.Text} without quotes"
                    : null);
            return null;
        }

        if (decimal.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && decimal.IsInteger(number) && number >= least && number <= most)
        {
            return (int)number;
        }

        Findings.Error("field/range", At(name), $"{Quoted.Text(value.Text)} is no whole number from {least} to {most}",
            $"write a whole number from {least} to {most}");
        return null;
    }

    public double? Real(string name, double least, double most)
    {
        if (Value(name) is not { } value)
        {
            return null;
        }

        if (value.Kind != NodeKind.Number)
        {
            WrongType(value, At(name), "a number", null);
            return null;
        }

        if (double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most)
        {
            return number;
        }

        Findings.Error("field/range", At(name),
            string.Create(CultureInfo.InvariantCulture, $"{Quoted.Text(value.Text)} is not from {least} to {most}"),
            string.Create(CultureInfo.InvariantCulture, $"write a number from {least} to {most}"));
        return null;
    }

    public bool? Flag(string name)
    {
        if (Value(name) is not { } value)
        {
            return null;
        }

        if (value.Kind == NodeKind.Boolean)
        {
            return YamlScalar.TruthOf(value.Text);
        }

        WrongType(value, At(name), "`true` or `false`", null);
        return null;
    }

    public Duration? Time(string name)
    {
        if (Value(name) is not { } value)
        {
            return null;
        }

        if (value is { Kind: NodeKind.Number, Text: not "0" })
        {
            WrongType(value, At(name), "a duration", $"write the unit: `{value.Text.Trim()}s` for seconds");
            return null;
        }

        if (value.Kind == NodeKind.Number)
        {
            return Duration.Zero;
        }

        return TextOf(value, At(name), longest: 64) is { } text ? TimeOf(name, text) : null;
    }

    /// <summary>Reads <paramref name="text"/>, the value of <paramref name="name"/>, as a duration.</summary>
    public Duration? TimeOf(string name, string text)
    {
        if (Duration.TryParse(text, out var duration))
        {
            return duration;
        }

        if (text.StartsWith('-') && Duration.TryParse(text[1..], out _))
        {
            Findings.Error("duration/negative", At(name), $"{name} {Quoted.Text(text)} is negative",
                name == "ttl" ? "use `0s` to bypass the cache" : "use `0s` for none");
        }
        else
        {
            Findings.Error("duration/invalid", At(name), $"{name} {Quoted.Text(text)} is no duration",
                "write a number and a unit (`ms`, `s`, `m`, `h`, `d`, `w`), for example `90s` or `1h30m`; at most 100 "
                    + "years");
        }

        return null;
    }

    /// <summary>The elements of a list with their paths; none where it is absent or wrong.</summary>
    public IEnumerable<(DocumentNode Node, string Path)> Each(string name, int most)
    {
        if (Value(name) is not { } value)
        {
            return [];
        }

        if (value.Kind != NodeKind.List)
        {
            WrongType(value, At(name), "a list",
                value.Kind == NodeKind.Text
                    ? $"write `{name}: [{Quoted.Plain(value.Text)}]`"
                    : "begin each element with `- `");
            return [];
        }

        if (value.Items.Count > most)
        {
            Findings.Error("field/too-many", At(name),
                $"`{name}` has {value.Items.Count:N0} elements; at most {most:N0} are read",
                "split it, or describe several by one pattern");
            return [];
        }

        return value.Items.Select((item, index) => (item, $"{At(name)}[{index}]"));
    }

    /// <summary>The elements of a list of texts with their paths, without those that are wrong.</summary>
    public IEnumerable<(string Text, string Path)> Texts(string name, int most, int longest = 256)
    {
        foreach (var (node, path) in Each(name, most))
        {
            if (TextOf(node, path, longest) is { } text)
            {
                yield return (text, path);
            }
        }
    }

    /// <summary>A text, or a list of texts.</summary>
    public IEnumerable<(string Text, string Path)> TextOrTexts(string name, int most) =>
        Value(name) is { Kind: not NodeKind.List } value
            ? TextOf(value, At(name), longest: 256) is { } text ? [(text, At(name))] : []
            : Texts(name, most);

    /// <summary>The names and texts of a map whose names are the writer's; without those that are wrong.</summary>
    public IEnumerable<(string Name, string Text, string Path)> Pairs(string name, int most)
    {
        if (Value(name) is not { } value)
        {
            yield break;
        }

        if (value.Kind != NodeKind.Map)
        {
            WrongType(value, At(name), "a map of texts", "write each as `name: value`");
            yield break;
        }

        if (value.Fields.Count > most)
        {
            Findings.Error("field/too-many", At(name),
                $"`{name}` has {value.Fields.Count:N0} entries; at most {most:N0} are read", "remove some");
            yield break;
        }

        foreach (var field in value.Fields)
        {
            var path = Join(At(name), Quoted.Plain(field.Name));
            // Labels may have no value.
            if (field.Value is { Kind: NodeKind.Text, Text: "" })
            {
                yield return (field.Name, "", path);
            }
            else if (TextOf(field.Value, path, longest: 4096) is { } text)
            {
                yield return (field.Name, text, path);
            }
        }
    }

    /// <summary>A number or a text, as it was written; null where it is absent or wrong.</summary>
    public string? NumberOrText(string name) =>
        Value(name) is { Kind: NodeKind.Number } number ? number.Text : Text(name, longest: 64);

    public string At(string name) => Join(Path, name);

    public void Missing(string name, string help) =>
        Findings.Error("field/missing", At(name), $"`{name}` is missing", help);

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Fields(string[] names) => string.Join(", ", names.Select(n => $"`{n}`"));

    private DocumentNode? Value(string name)
    {
        var value = _node?.Find(name);
        if (value is { Kind: NodeKind.Null })
        {
            Findings.Error("field/empty", At(name), $"`{name}` has no value",
                "give it one (look at the indentation below it), or remove the line");
            return null;
        }

        return value;
    }

    /// <summary>
    /// The text of <paramref name="value"/>, which stands at <paramref name="path"/>; null where it is none.
    /// </summary>
    public string? TextOf(DocumentNode value, string path, int longest)
    {
        if (value.Kind != NodeKind.Text)
        {
            WrongType(value, path, "a text",
                value.Kind is not (NodeKind.Boolean or NodeKind.Number)
                    ? null
                    : $"put it in quotes: `\"{value.Text}\"`");
            return null;
        }

        if (string.IsNullOrWhiteSpace(value.Text))
        {
            Findings.Error("field/empty", path, "the text is empty", "give it a value, or remove it");
            return null;
        }

        if (value.Text.Length > longest)
        {
            Findings.Error("field/too-long", path,
                $"the text is {value.Text.Length:N0} characters long; at most {longest:N0} are read",
                "shorten it, or split it into several");
            return null;
        }

        return value.Text;
    }

    private void WrongType(DocumentNode value, string path, string expected, string? help) =>
        WrongType(Findings, path, value, expected, help);

    private static void WrongType(Findings findings, string path, DocumentNode value, string expected, string? help)
    {
        var found = value.Kind switch
        {
            NodeKind.Null => "nothing",
            NodeKind.Boolean => $"the boolean {Quoted.Text(value.Text)}",
            NodeKind.Number => $"the number {Quoted.Text(value.Text)}",
            NodeKind.Text => $"the text {Quoted.Text(value.Text)}",
            NodeKind.List => "a list",
            _ => "a map of fields",
        };
        findings.Error("field/type", path, $"expected {expected}, found {found}", help ?? $"write {expected}");
    }
}
