using System.Text;

namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>
/// Reads VCL as varnishd does. Never throws on any input: what is wrong is in the diagnostics, all of it.
/// </summary>
public static class VclParser
{
    public static VclParse Parse(SourceFile source, IVclFiles files)
    {
        var diagnostics = new DiagnosticBag();
        var splicer = new IncludeSplicer(files, diagnostics);
        var tokens = splicer.Splice(source);
        if (splicer.Sources.Items.Any(s => s.IsTooLarge))
        {
            return new VclParse(new VclFile(null, [], splicer.Sources), diagnostics.ToList());
        }

        var parser = new DeclarationParser(new TokenCursor(tokens, diagnostics));
        var declarations = parser.Parse();
        return new VclParse(new VclFile(parser.Version, declarations, splicer.Sources),
            TemplatePlaceholders.Named(diagnostics.ToList()));
    }

    /// <summary>Reads a VCL that includes nothing.</summary>
    public static VclParse Parse(string name, string text) => Parse(SourceFile.FromText(name, text), VclFiles.None);

    /// <summary>
    /// The same VCL in one piece: each include is replaced by what it includes, token for token, as varnishd splices
    /// them. Of a VCL without errors.
    /// </summary>
    public static string Flatten(SourceFile source, IVclFiles files)
    {
        var text = new StringBuilder();
        Token? last = null;
        foreach (var token in new IncludeSplicer(files, new DiagnosticBag()).Splice(source))
        {
            // A comment may end the file in front, and a word the line before an include.
            if (last is { } before && (before.File != token.File || before.End != token.TriviaStart))
            {
                text.Append('\n');
            }

            text.Append(token.Trivia).Append(token.Text);
            last = token;
        }

        return Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(text.ToString()));
    }
}
