using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CachePolicyOperator.Cli.Terminals;

/// <summary>
/// Writes a tree of JSON as YAML, as <c>kubectl -o yaml</c> does: blocks, and quotes where a word needs them.
/// </summary>
internal static partial class Yaml
{
    private static readonly JsonWriterOptions Readable =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(string json)
    {
        using var document = JsonDocument.Parse(json);
        var text = new StringBuilder();
        Write(document.RootElement, "", text, isInline: false);
        return text.ToString();
    }

    // A value stands behind its name or dash where it is a word, and below it where it has parts.
    private static void Write(JsonElement value, string indent, StringBuilder text, bool isInline)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when value.EnumerateObject().Any():
                WriteFields(value, indent, text, isInline);
                break;
            case JsonValueKind.Array when value.GetArrayLength() > 0:
                foreach (var item in value.EnumerateArray())
                {
                    text.Append(isInline ? "" : indent).Append("- ");
                    isInline = false;
                    Write(item, $"{indent}  ", text, isInline: true);
                }

                break;
            default:
                text.Append(Word(value)).Append('\n');
                break;
        }
    }

    private static void WriteFields(JsonElement value, string indent, StringBuilder text, bool isInline)
    {
        foreach (var field in value.EnumerateObject())
        {
            text.Append(isInline ? "" : indent).Append(Quoted(field.Name)).Append(':');
            isInline = false;
            var list = field.Value.ValueKind == JsonValueKind.Array && field.Value.GetArrayLength() > 0;
            if (list || (field.Value.ValueKind == JsonValueKind.Object && field.Value.EnumerateObject().Any()))
            {
                text.Append('\n');
                Write(field.Value, list ? indent : $"{indent}  ", text, isInline: false);
            }
            else if (field.Value.ValueKind == JsonValueKind.String
                && Block(field.Value.GetString()!, indent) is { } block)
            {
                text.Append(block);
            }
            else
            {
                text.Append(' ');
                Write(field.Value, indent, text, isInline: false);
            }
        }
    }

    /// <summary>Several lines as they are, below their field; null for what a block would change.</summary>
    private static string? Block(string value, string indent)
    {
        if (!value.Contains('\n') || value[0] is ' ' or '\n' or '\t'
            || value.Any(c => char.IsControl(c) && c is not ('\n' or '\t')))
        {
            return null;
        }

        var lines = value.TrimEnd('\n').Split('\n');
        var kept = value.Length - value.TrimEnd('\n').Length;
        var text = new StringBuilder(kept switch { 0 => " |-\n", 1 => " |\n", _ => " |+\n" });
        foreach (var line in lines)
        {
            text.Append(line.Length == 0 ? "" : $"{indent}  ").Append(line).Append('\n');
        }

        return text.Append('\n', Math.Max(0, kept - 1)).ToString();
    }

    private static string Word(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "{}",
        JsonValueKind.Array => "[]",
        JsonValueKind.String => Quoted(value.GetString()!),
        _ => value.GetRawText(),
    };

    /// <summary>
    /// A word that YAML reads as no number, no time, no truth and no sign stands as it is; a JSON text is one of YAML.
    /// </summary>
    private static string Quoted(string text)
    {
        if (Plain().IsMatch(text) && !Other().IsMatch(text))
        {
            return text;
        }

        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Readable))
        {
            writer.WriteStringValue(text);
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    [GeneratedRegex(@"^[A-Za-z_/][\w./-]*(:[\w./-]+)*( [\w./(),;-]+)*$", RegexOptions.ECMAScript)]
    private static partial Regex Plain();

    [GeneratedRegex(@"^(true|false|yes|no|on|off|y|n|null|~)$", RegexOptions.IgnoreCase)]
    private static partial Regex Other();
}
