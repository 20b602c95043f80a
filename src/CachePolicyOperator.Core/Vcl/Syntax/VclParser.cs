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
}
