using System.Text.Json;
using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Entities.Documents;

/// <summary>Reads JSON, as the API server sends it to the admission webhook.</summary>
public static class JsonDocuments
{
    /// <summary>
    /// The one document of <paramref name="utf8"/>; a <paramref name="file"/> gives its diagnostics lines.
    /// </summary>
    public static DocumentResult Read(ReadOnlySpan<byte> utf8, string? file = null)
    {
        if (SourceText.Check(ref utf8, file) is { } unreadable)
        {
            return new DocumentResult([], [unreadable]);
        }

        try
        {
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = Limits.Depth });
            var builder = new Builder(utf8, withLines: file is not null);
            reader.Read();
            var root = builder.Value(ref reader);
            while (reader.Read())
            {
            }

            return new DocumentResult(
                [new Document(file, root)],
                [.. builder.Repeated.Select(r => Diagnostic.Error("json/duplicate-field", SourceText.At(file, r.Line),
                    $"field {Quoted.Text(r.Name)} is given twice in one object", "remove one of them"))]);
        }
        catch (JsonException e)
        {
            return Refused("json/syntax", (int)(e.LineNumber ?? 0) + 1,
                e.Message.Split(" LineNumber:")[0].TrimEnd('.'));
        }
        catch (InvalidOperationException)
        {
            // Utf8JsonReader says so of an escape that is half a surrogate pair ("\ud800").
            return Refused("json/syntax", 0, "a text has an escape that is no character");
        }

        DocumentResult Refused(string code, int line, string message) =>
            new([], [Diagnostic.Error(code, SourceText.At(file, file is null ? 0 : line), $"this is no JSON: {message}",
                "mend the syntax; `kubectl apply --dry-run=client -f` reads it the same way")]);
    }

    private ref struct Builder(ReadOnlySpan<byte> utf8, bool withLines)
    {
        private readonly ReadOnlySpan<byte> _utf8 = utf8;
        private int _line = 1;
        private int _lineOffset;
        private int _nodes;

        public List<(string Name, int Line)> Repeated { get; } = [];

        public DocumentNode Value(ref Utf8JsonReader reader)
        {
            if (++_nodes > Limits.Nodes)
            {
                throw new JsonException($"it has more than {Limits.Nodes:N0} values", null, Line(ref reader) - 1, null);
            }

            var line = Line(ref reader);
            return reader.TokenType switch
            {
                JsonTokenType.StartObject => Map(ref reader, line),
                JsonTokenType.StartArray => List(ref reader, line),
                JsonTokenType.String => new DocumentNode(NodeKind.Text, reader.GetString()!, line),
                JsonTokenType.Number => new DocumentNode(NodeKind.Number,
                    System.Text.Encoding.UTF8.GetString(reader.ValueSpan), line),
                JsonTokenType.True => new DocumentNode(NodeKind.Boolean, "true", line),
                JsonTokenType.False => new DocumentNode(NodeKind.Boolean, "false", line),
                _ => new DocumentNode(NodeKind.Null, "", line),
            };
        }

        private DocumentNode Map(ref Utf8JsonReader reader, int line)
        {
            var fields = new List<DocumentField>();
            var names = new HashSet<string>(StringComparer.Ordinal);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                var nameLine = Line(ref reader);
                reader.Read();
                var value = Value(ref reader);
                if (names.Add(name))
                {
                    fields.Add(new DocumentField(name, value, nameLine));
                }
                else
                {
                    Repeated.Add((name, nameLine));
                }
            }

            return new DocumentNode(NodeKind.Map, "", line) { Fields = fields };
        }

        private DocumentNode List(ref Utf8JsonReader reader, int line)
        {
            var items = new List<DocumentNode>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                items.Add(Value(ref reader));
            }

            return new DocumentNode(NodeKind.List, "", line) { Items = items };
        }

        private int Line(ref Utf8JsonReader reader)
        {
            if (!withLines)
            {
                return 0;
            }

            var start = (int)reader.TokenStartIndex;
            _line += _utf8[_lineOffset..start].Count((byte)'\n');
            _lineOffset = start;
            return _line;
        }
    }
}
