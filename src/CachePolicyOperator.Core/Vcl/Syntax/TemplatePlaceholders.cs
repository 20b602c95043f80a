using System.Text.RegularExpressions;
using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>
/// Names what a template leaves open (<c>{{ x }}</c>, <c>&lt;%= x %></c>, <c>__X__</c>) where a VCL cannot be read for
/// it: what is wrong there is not the VCL's grammar.
/// </summary>
internal static partial class TemplatePlaceholders
{
    /// <summary>The diagnostics, with one for each placeholder instead of the errors on its line.</summary>
    public static EquatableList<VclDiagnostic> Named(EquatableList<VclDiagnostic> found)
    {
        var named = new List<VclDiagnostic>();
        foreach (var diagnostic in found)
        {
            var (file, line) = (diagnostic.Span.File, diagnostic.Span.Line);
            if (diagnostic.Severity != Severity.Error
                || Placeholder().Match(file.LineText(line)) is not { Success: true } match)
            {
                named.Add(diagnostic);
                continue;
            }

            var start = diagnostic.Span.Start - diagnostic.Span.Column + 1 + match.Index;
            named.Add(VclDiagnostic.Error("vcl/template", new SourceSpan(file, start, start + match.Length),
                $"`{match.Value}` is a placeholder of a template",
                "fill the template in first, and give the VCL that varnishd loads"));
        }

        return named.Distinct().ToEquatableList();
    }

    [GeneratedRegex(
        @"\{\{[^{}]*\}\}|\{%[^%]*%\}|<%[^%]*%>|\$\{[^{}]*\}|\b__[A-Z][A-Z0-9_]*__\b|@@?[A-Z][A-Z0-9_]*@@?|%%[A-Z][A-Z0-9_]*%%")]
    private static partial Regex Placeholder();
}
