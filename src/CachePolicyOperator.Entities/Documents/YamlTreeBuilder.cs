using CachePolicyOperator.Core.Diagnostics;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace CachePolicyOperator.Entities.Documents;

/// <summary>Builds trees from the events of a YAML parser, within <see cref="Limits"/>.</summary>
internal sealed class YamlTreeBuilder(IParser parser, string? file)
{
    private readonly Dictionary<string, (DocumentNode Node, int Size)> _anchors = new(StringComparer.Ordinal);
    private int _nodes;
    private int _depth;

    /// <summary>What is wrong but does not stop the reading.</summary>
    public List<Diagnostic> Diagnostics { get; } = [];

    /// <summary>The next document; null at the end of the text.</summary>
    public DocumentNode? NextDocument()
    {
        _anchors.Clear();
        while (parser.MoveNext())
        {
            switch (parser.Current)
            {
                case StreamStart or DocumentStart or DocumentEnd:
                    continue;
                case StreamEnd:
                    return null;
                default:
                    return Value();
            }
        }

        return null;
    }

    private DocumentNode Value()
    {
        var before = _nodes;
        var current = parser.Current!;
        var line = Line(current);
        Count(1, line);
        if (current is AnchorAlias alias)
        {
            return Repeated(alias, line);
        }

        if (++_depth > Limits.Depth)
        {
            throw Refused("document/too-deep", line, $"more than {Limits.Depth} lists and maps are within each other",
                "no field of ours is that deep");
        }

        var node = current switch
        {
            Scalar scalar => YamlScalar.Resolve(scalar, line)
                ?? throw Refused("yaml/tag", line,
                    $"the tag {Quoted.Text(scalar.Tag.Value)} is not known to Kubernetes", "remove the tag"),
            SequenceStart => List(line),
            MappingStart => Map(line),
            _ => throw Refused("yaml/syntax", line, "this is no YAML that Kubernetes reads", "mend the syntax"),
        };
        _depth--;
        if (current is NodeEvent { Anchor.IsEmpty: false } anchored)
        {
            _anchors[anchored.Anchor.Value] = (node, _nodes - before);
        }

        return node;
    }

    private DocumentNode Repeated(AnchorAlias alias, int line)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out var anchor))
        {
            throw Refused("yaml/alias", line, $"the alias {Quoted.Text(alias.Value.Value)} names no anchor above it",
                "write the value out");
        }

        Count(anchor.Size, line);
        return anchor.Node;
    }

    private DocumentNode List(int line)
    {
        var items = new List<DocumentNode>();
        while (parser.MoveNext() && parser.Current is not SequenceEnd)
        {
            items.Add(Value());
        }

        return new DocumentNode(NodeKind.List, "", line) { Items = items };
    }

    private DocumentNode Map(int line)
    {
        var fields = new List<DocumentField>();
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        while (parser.MoveNext() && parser.Current is not MappingEnd)
        {
            var nameLine = Line(parser.Current!);
            var name = Value();
            if (name.Kind is NodeKind.List or NodeKind.Map)
            {
                throw Refused("yaml/field-name", nameLine, "a field name is a list or a map",
                    "write a text before the colon");
            }

            if (name.Text == "<<")
            {
                throw Refused("yaml/merge", nameLine, "merge keys (`<<`) are not read", "write the fields out");
            }

            parser.MoveNext();
            var value = Value();
            if (names.TryAdd(name.Text, nameLine))
            {
                fields.Add(new DocumentField(name.Text, value, nameLine));
            }
            else
            {
                Diagnostics.Add(Diagnostic.Error("yaml/duplicate-field", SourceText.At(file, nameLine),
                    $"field {Quoted.Text(name.Text)} is given twice, first in line {names[name.Text]}",
                        "remove one of them"));
            }
        }

        return new DocumentNode(NodeKind.Map, "", line) { Fields = fields };
    }

    private void Count(int nodes, int line)
    {
        _nodes += nodes;
        if (_nodes > Limits.Nodes)
        {
            throw Refused("document/too-large", line,
                $"the text has more than {Limits.Nodes:N0} values, aliases written out",
                "split it into several files, and write aliases out");
        }
    }

    private static int Line(ParsingEvent current) => (int)current.Start.Line;

    private YamlRefusedException Refused(string code, int line, string message, string help) =>
        new(Diagnostic.Error(code, SourceText.At(file, line), message, help));
}
