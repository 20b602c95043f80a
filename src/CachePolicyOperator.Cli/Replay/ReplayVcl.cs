using System.Text;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Cli.Replay;

/// <summary>The VCL as it was, with every backend led to the hostile origin.</summary>
internal static class ReplayVcl
{
    /// <summary>The text for varnishd, one character a byte.</summary>
    public static string Of(VclFile file, string host, string port)
    {
        var dropped = file.Declarations.Items.OfType<ProbeDeclaration>().Where(p => !IsUsed(file, p)).ToHashSet();
        if (file.Sources.Count > 1)
        {
            var declarations = file.Declarations.Items
                .Where(d => d is not ProbeDeclaration probe || !dropped.Contains(probe))
                .Select(d => d is BackendDeclaration { None: false } backend ? Parse(BackendText(backend, host, port))
                    : d);
            return CanonicalPrinter.Print(file with { Declarations = declarations.ToEquatableList() }).Text;
        }

        var text = new StringBuilder(file.Source.Text);
        foreach (var declaration in file.Declarations.Items.OrderByDescending(d => d.Span.Start))
        {
            var replacement = declaration switch
            {
                BackendDeclaration { None: false } backend => BackendText(backend, host, port),
                ProbeDeclaration probe when dropped.Contains(probe) => "",
                _ => null,
            };
            if (replacement is not null)
            {
                text.Remove(declaration.Span.Start, declaration.Span.Length)
                    .Insert(declaration.Span.Start, replacement);
            }
        }

        return text.ToString();
    }

    // A default probe would keep the origin sick until it has answered; one that nothing names is an error to varnishd.
    private static bool IsUsed(VclFile file, ProbeDeclaration probe) =>
        !probe.Name.Is("default") && file.Declarations.Items.OfType<SubDeclaration>()
            .SelectMany(s => s.Body.WithNested())
            .SelectMany(s => s.Expressions())
            .SelectMany(e => e.WithNested())
            .Any(e => e is SymbolReference name && probe.Name.Is(name.Key));

    private static string BackendText(BackendDeclaration backend, string host, string port) =>
        $"backend {backend.Name} {{ .host = \"{host}\"; .port = \"{port}\"; }}";

    private static BackendDeclaration Parse(string backend) =>
        VclParser.Parse("replay", $"vcl 4.1; {backend}").File.Declarations.Items.OfType<BackendDeclaration>().Single();
}
