using System.Text;
using System.Xml;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Verification;

namespace CachePolicyOperator.Cli.Output;

/// <summary>
/// JUnit's XML, as build servers read it: one test case a property. A property that nothing speaks against passes
/// only where nothing stayed undecided.
/// </summary>
internal static class JunitReport
{
    public static string Write(VerifyReport report)
    {
        var byCode = report.Diagnostics.ToLookup(d => d.Code);
        string[] codes = [.. report.Properties.Union(byCode.Select(g => g.Key))];
        var isOpen = report.Diagnostics.Any(d => d.Severity == Severity.Error && !report.Properties.Contains(d.Code))
            || (report.Verdict == VerdictKind.Unknown);
        var failures = codes.Count(c => byCode[c].Any(d => d.Severity == Severity.Error));
        var skipped = isOpen ? codes.Count(c => !byCode[c].Any(d => d.Severity == Severity.Error)) : 0;

        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, OmitXmlDeclaration = true }))
        {
            xml.WriteStartElement("testsuites");
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", Clean(report.Subject));
            WriteNumber(xml, "tests", codes.Length);
            WriteNumber(xml, "failures", failures);
            WriteNumber(xml, "errors", 0);
            WriteNumber(xml, "skipped", skipped);
            foreach (var code in codes)
            {
                WriteCase(xml, report, code, [.. byCode[code]], isOpen);
            }

            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        return $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{text}";
    }

    private static void WriteCase(XmlWriter xml, VerifyReport report, string code, Diagnostic[] found, bool isOpen)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", $"cachepolicy.{report.Verdict.ToString().ToLowerInvariant()}");
        xml.WriteAttributeString("name", code);
        var errors = found.Where(d => d.Severity == Severity.Error).ToArray();
        if (errors is [var first, ..])
        {
            xml.WriteStartElement("failure");
            xml.WriteAttributeString("type", code);
            xml.WriteAttributeString("message", Clean(first.Message));
            xml.WriteString(Clean(TextOf(errors, report)));
            xml.WriteEndElement();
        }
        else if (isOpen)
        {
            xml.WriteStartElement("skipped");
            xml.WriteAttributeString("message", "not decided: see the failures");
            xml.WriteEndElement();
        }

        if (found.Any(d => d.Severity == Severity.Warning))
        {
            xml.WriteElementString("system-out",
                Clean(TextOf([.. found.Where(d => d.Severity == Severity.Warning)], report)));
        }

        xml.WriteEndElement();
    }

    private static string TextOf(Diagnostic[] diagnostics, VerifyReport report)
    {
        var text = new StringWriter { NewLine = "\n" };
        var writer = new DiagnosticText(text, new Paint(colour: false), report.Excerpts);
        foreach (var diagnostic in diagnostics)
        {
            writer.Write(diagnostic);
        }

        return text.ToString();
    }

    private static void WriteNumber(XmlWriter xml, string name, int number) =>
        xml.WriteAttributeString(name, number.ToString());

    private static string Clean(string text) => string.Concat(text.Select(c => XmlConvert.IsXmlChar(c) ? c : '\ufffd'));
}
