using System.Collections.Concurrent;
using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Vcl.Builtin;

/// <summary>
/// The VCL that varnishd appends to every other: our own description of it for each family of versions. It decides most
/// of what a short VCL does.
/// </summary>
public static class BuiltinVcl
{
    private const string Folder = "Builtin/";

    private static readonly ConcurrentDictionary<string, VclFile> Parsed = new();

    public static VclFile For(EngineVersion version) => Parsed.GetOrAdd(NameFor(version), Load);

    private static string NameFor(EngineVersion version) =>
        version >= EngineVersion.Vinyl ? "varnish-9.0.vcl" :
        version >= new EngineVersion(8, 0) ? "varnish-8.0.vcl" :
        version >= new EngineVersion(7, 6) ? "varnish-7.6.vcl" : "varnish-7.0.vcl";

    private static VclFile Load(string name)
    {
        var parse = VclParser.Parse(Read(name), new Resources());
        return parse.HasErrors
            ? throw new InvalidOperationException($"built-in VCL: {parse.Diagnostics[0]}")
            : parse.File;
    }

    private static SourceFile Read(string name)
    {
        using var stream = typeof(BuiltinVcl).Assembly.GetManifestResourceStream(Folder + name)
            ?? throw new InvalidOperationException($"the assembly lacks {Folder}{name}");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return SourceFile.FromBytes($"builtin/{name}", bytes.ToArray());
    }

    private sealed class Resources : IVclFiles
    {
        public SourceFile? Find(string name, SourceFile includer) => Read(name);

        public IReadOnlyList<SourceFile> FindAll(string pattern, SourceFile includer) => [];
    }
}
