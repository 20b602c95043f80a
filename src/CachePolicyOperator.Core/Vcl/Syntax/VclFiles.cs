using System.IO.Enumeration;

namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>Files to include that are at hand, by their names.</summary>
public sealed class VclFiles(IEnumerable<SourceFile> files) : IVclFiles
{
    private readonly Dictionary<string, SourceFile> _files = files.ToDictionary(f => f.Name, StringComparer.Ordinal);

    /// <summary>For a VCL that stands alone.</summary>
    public static VclFiles None { get; } = new([]);

    public SourceFile? Find(string name, SourceFile includer) => _files.GetValueOrDefault(Resolve(name, includer));

    public IReadOnlyList<SourceFile> FindAll(string pattern, SourceFile includer)
    {
        var resolved = Resolve(pattern, includer);
        return
        [
            .. _files.Values
                .Where(f => FileSystemName.MatchesSimpleExpression(resolved, f.Name, ignoreCase: false))
                .OrderBy(f => f.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>
    /// A name that begins with <c>./</c> is beside the including file; every other name is what it says.
    /// </summary>
    public static string Resolve(string name, SourceFile includer)
    {
        if (!name.StartsWith("./", StringComparison.Ordinal))
        {
            return name;
        }

        var slash = includer.Name.LastIndexOf('/');
        return slash < 0 ? name[2..] : includer.Name[..slash] + name[1..];
    }
}
