using CachePolicyOperator.Core.Vcl.Semantics;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.Program;

namespace CachePolicyOperator.Core.Verification.Properties;

/// <summary>
/// Files of which a VCL makes varnishd run the code, or show what is in them. A vmod runs when it is loaded, whether or
/// not it is called; and what varnishd may read are also its log, with the cookies of everybody, and its secret.
/// </summary>
internal static class ForeignFiles
{
    /// <summary>Where files for a VCL are, and none of varnishd, the agent or the kernel.</summary>
    private static readonly string[] Directories = ["/etc/", "/mnt/", "/opt/", "/srv/", "/usr/", "/var/www/"];

    // The agent's keys, and the secret of varnishd's command line where Debian has it.
    private static readonly string[] NotThese = ["/etc/cachepolicy", "/etc/varnish/secret"];

    /// <summary>Each place, with what is wrong there.</summary>
    public static IEnumerable<(SourceSpan Place, string Reason)> Uses(VclProgram program, VmodCalls vmods) =>
    [
        .. program.File.Declarations.Items.OfType<ImportDeclaration>().Where(i => !VmodCalls.IsInstalled(i))
            .Select(i =>
                (i.Span,
                $"what the file `{i.From}` does when it is loaded is not known: only vmods that a package brought, "
                    + "below `/usr`, are")),
        .. program.Subroutines.SelectMany(s => s.Statements)
            .SelectMany(s => s.WithNested()).SelectMany(s => s.Expressions()).SelectMany(e => e.WithNested())
            .OfType<FunctionCall>()
            .Where(c => vmods.IsStd(c, "fileread") && !(c.Arguments.Items is [var file] && IsHarmless(file.Value)))
            .Select(c =>
                (c.Span,
                $"`{c.Name}` may read varnishd's log or a secret: its argument is not one literal with the path of a "
                    + "file below "
                + string.Join(", ", Directories.Select(d => $"`{d.TrimEnd('/')}`")))),
    ];

    private static bool IsHarmless(Expression file) =>
        file is StringLiteral { Value: var path }
        && Array.Exists(Directories, d => path.StartsWith(d, StringComparison.Ordinal))
        && !Array.Exists(NotThese, n => path.StartsWith(n, StringComparison.Ordinal))
        && path[1..].Split('/').All(part => part is not ("" or "." or ".."));
}
