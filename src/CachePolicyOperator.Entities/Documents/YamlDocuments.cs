using System.Text;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Diagnostics;
using YamlDotNet.Core;

namespace CachePolicyOperator.Entities.Documents;

/// <summary>
/// Reads YAML, or JSON, of one or more documents as <c>kubectl</c> does. What a value is (<c>yes</c>, <c>0x10</c>) is
/// decided as Kubernetes decides it (YAML 1.1). Never throws on any input.
/// </summary>
public static class YamlDocuments
{
    public static DocumentResult Read(ReadOnlySpan<byte> utf8, string? file)
    {
        if (SourceText.Check(ref utf8, file) is { } unreadable)
        {
            return new DocumentResult([], [unreadable]);
        }

        if (utf8.TrimStart(" \t\r\n"u8) is [(byte)'{', ..]
            && JsonDocuments.Read(utf8, file) is { Documents.Count: > 0 } json)
        {
            return json;
        }

        return Parse(Encoding.UTF8.GetString(utf8), file);
    }

    private static DocumentResult Parse(string text, string? file)
    {
        var documents = new List<Document>();
        var builder = new YamlTreeBuilder(new Parser(new Scanner(new StringReader(text), skipComments: true)), file);
        try
        {
            while (builder.NextDocument() is { } root)
            {
                if (root.Kind != NodeKind.Null)
                {
                    documents.Add(new Document(file, root));
                }

                if (documents.Count > Limits.Documents)
                {
                    throw new YamlRefusedException(Diagnostic.Error("document/too-large",
                        SourceText.At(file, root.Line),
                        $"the text has more than {Limits.Documents:N0} documents", "split it into several files"));
                }
            }
        }
        catch (YamlRefusedException refused)
        {
            builder.Diagnostics.Add(refused.Diagnostic);
        }
        catch (YamlException e)
        {
            builder.Diagnostics.Add(Syntax(text, file, e));
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidOperationException or OverflowException or IndexOutOfRangeException)
        {
            // The scanner throws these, instead of its own exception, on some broken escapes and tags.
            builder.Diagnostics.Add(Diagnostic.Error("yaml/syntax", SourceText.At(file, 0), "this is no YAML",
                "mend the syntax"));
        }

        return new DocumentResult(documents.ToEquatableList(), builder.Diagnostics.ToEquatableList());
    }

    private static Diagnostic Syntax(string text, string? file, YamlException e)
    {
        var line = (int)Math.Clamp(e.Start.Line, 1, int.MaxValue);
        var help = "look at this line and the one before it: indentation, a missing colon, quotes";
        // The parser names the line before a tab as often as that of the tab.
        var lines = text.Split('\n');
        for (var at = line; at <= Math.Min(line + 1, lines.Length); at++)
        {
            if (lines[at - 1].TrimStart(' ').StartsWith('\t'))
            {
                (line, help) = (at, "indent with spaces: YAML forbids tabs");
                break;
            }
        }

        return Diagnostic.Error("yaml/syntax", SourceText.At(file, line),
            $"this is no YAML: {char.ToLowerInvariant(e.Message[0])}{e.Message[1..].TrimEnd('.')}", help);
    }
}
