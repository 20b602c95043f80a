using System.Text;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Entities.Reading;

namespace CachePolicyOperator.Crds.Schema;

/// <summary>
/// Every field of a spec with its description, as one text. API servers before 1.24 publish no fields of an object
/// that keeps unknown ones, and ours must keep them (a misspelt <c>personal.routs</c> is refused by name, not dropped
/// in silence): there this text is what <c>kubectl explain</c> has to show.
/// </summary>
internal sealed class FieldOutline(XmlDocs docs)
{
    private const int Width = 78;

    // `kubectl explain` leaves lines as they are that begin so.
    private const string Indent = "    ";

    public string Below(Type spec, string description)
    {
        var text = new StringBuilder(description).Append("\n\nFields:\n");
        foreach (var (path, type, about) in Fields(spec, ""))
        {
            text.Append(Indent).Append(path).Append(" <").Append(type).Append(">\n");
            foreach (var line in Wrapped(about))
            {
                text.Append(Indent).Append("  ").Append(line).Append('\n');
            }
        }

        return text.ToString().TrimEnd('\n');
    }

    private IEnumerable<(string Path, string Type, string About)> Fields(Type type, string path)
    {
        foreach (var property in FieldNames.Properties(type))
        {
            var (element, isList) = Element(property.PropertyType);
            var name = $"{path}{FieldNames.Of(property)}{(isList ? "[]" : "")}";
            if (element.IsClass && element != typeof(string) && element != typeof(AnyForm))
            {
                yield return (name, "Object", docs.Of(property) ?? "");
                foreach (var below in Fields(element, $"{name}."))
                {
                    yield return below;
                }
            }
            else
            {
                yield return (name, NameOf(element), docs.Of(property) ?? "");
            }
        }
    }

    private static (Type Type, bool IsList) Element(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IList<>)
            ? (type.GetGenericArguments()[0], true)
            : (type, false);
    }

    private static string NameOf(Type type) =>
        type == typeof(string) ? "string"
        : type == typeof(bool) ? "boolean"
        : type == typeof(double) ? "number"
        : type == typeof(long) ? "integer"
        : type == typeof(IDictionary<string, string>) ? "map[string]string"
        : "any form";

    private static IEnumerable<string> Wrapped(string text)
    {
        var line = new StringBuilder();
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + word.Length > Width - Indent.Length)
            {
                yield return line.ToString();
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        if (line.Length > 0)
        {
            yield return line.ToString();
        }
    }
}
