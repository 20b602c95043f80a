using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Verification.Proving;

/// <summary>
/// The texts of hand-written VCL as files. A ConfigMap has no directories, so an include is found by the last part of
/// its name: <c>include "/etc/varnish/rules.vcl";</c> is the key <c>rules.vcl</c>.
/// </summary>
internal sealed class HandWrittenFiles : IVclFiles
{
    private readonly VclFiles _files;

    private HandWrittenFiles(SourceFile main, IEnumerable<SourceFile> files)
    {
        Main = main;
        _files = new VclFiles(files);
    }

    /// <summary>What varnishd is to load.</summary>
    public SourceFile Main { get; }

    public static HandWrittenFiles Of(VclSource vcl)
    {
        var files = vcl.Texts.Items.Select(t => SourceFile.FromText(Named(vcl, t.Key), t.Text)).ToArray();
        return new HandWrittenFiles(files.First(f => f.Name == Named(vcl, vcl.Key)), files);
    }

    /// <summary>The same files, some of them with another text.</summary>
    public HandWrittenFiles With(VclSource vcl, IReadOnlyDictionary<string, string> texts)
    {
        var files = vcl.Texts.Items.Select(t => Named(vcl, t.Key))
            .Select(name => texts.TryGetValue(name, out var text)
                ? SourceFile.FromBytes(name, System.Text.Encoding.Latin1.GetBytes(text))
                : _files.Find(name, Main)!)
            .ToArray();
        return new HandWrittenFiles(files.First(f => f.Name == Main.Name), files);
    }

    public SourceFile? Find(string name, SourceFile includer) => _files.Find(InMap(name), Main);

    public IReadOnlyList<SourceFile> FindAll(string pattern, SourceFile includer) =>
        _files.FindAll(InMap(pattern), Main);

    private static string Named(VclSource vcl, string key) => vcl.ConfigMap is null ? key : $"{vcl.ConfigMap}/{key}";

    private string InMap(string name) =>
        Main.Name[..(Main.Name.LastIndexOf('/') + 1)] + name[(name.LastIndexOf('/') + 1)..];
}
