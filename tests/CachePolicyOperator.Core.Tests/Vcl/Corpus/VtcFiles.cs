using System.Text;
using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Tests.Vcl.Corpus;

/// <summary>
/// The files that a <c>.vtc</c> wrote, found as varnishd finds them with <c>vcl_path</c> at the test's own directory.
/// </summary>
internal sealed class VtcFiles(IReadOnlyDictionary<string, string> files) : IVclFiles
{
    private readonly VclFiles _files =
        new(files.Select(f => SourceFile.FromBytes(f.Key, Encoding.Latin1.GetBytes(f.Value))));

    public SourceFile? Find(string name, SourceFile includer) =>
        _files.Find(name, includer) ?? _files.Find($"{VtcMacros.TemporaryDirectory}/{name}", includer);

    public IReadOnlyList<SourceFile> FindAll(string pattern, SourceFile includer) => _files.FindAll(pattern, includer);
}
