using System.IO.Enumeration;
using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Cli.Inputs;

/// <summary>
/// Included files from the disk, found as varnishd finds them: <c>./x</c> beside the including file, an absolute path
/// as it is, and every other name in the directories of <c>vcl_path</c>.
/// </summary>
internal sealed class VclFileSystem : IVclFiles
{
    /// <summary>More than any VCL that can be proven; an endless file ends here.</summary>
    private const int MaxBytes = 9 * 1024 * 1024;

    private const int MaxMatches = 1_000;

    // varnishd's own default of vcl_path.
    private static readonly string[] DefaultPath = ["/etc/varnish", "/usr/share/varnish/vcl"];

    private readonly string[] _directories;
    private readonly VclPathMove[] _moves;
    private readonly Dictionary<string, SourceFile?> _files = new(StringComparer.Ordinal);

    /// <param name="top">The top file; null where it is standard input.</param>
    /// <param name="searchPath">
    /// The directories of <c>vcl_path</c>, none: the directory of the top file, then varnishd's default; and moves of
    /// absolute paths (<see cref="VclPathMove"/>).
    /// </param>
    public VclFileSystem(string? top, IReadOnlyList<string> searchPath)
    {
        _moves = [.. searchPath.Select(VclPathMove.Of).OfType<VclPathMove>()];
        var directories = searchPath.Where(p => VclPathMove.Of(p) is null).ToArray();
        _directories = directories.Length > 0 ? directories : [DirectoryOf(top ?? string.Empty), .. DefaultPath];
    }

    public SourceFile? Find(string name, SourceFile includer) =>
        Candidates(name, includer).Select(Load).FirstOrDefault(f => f is not null);

    public IReadOnlyList<SourceFile> FindAll(string pattern, SourceFile includer)
    {
        foreach (var candidate in Candidates(pattern, includer))
        {
            SourceFile[] found = [.. Expand(candidate)
                .Order(StringComparer.Ordinal)
                .Take(MaxMatches)
                .Select(Load)
                .OfType<SourceFile>()];
            if (found.Length > 0)
            {
                return found;
            }
        }

        return [];
    }

    private IEnumerable<string> Candidates(string name, SourceFile includer) =>
        name.StartsWith("./", StringComparison.Ordinal) ? [Path.Combine(DirectoryOf(includer.Name), name[2..])]
        : Path.IsPathRooted(name) ? [Moved(name)]
        : _directories.Select(d => Moved(Path.Combine(d, name)));

    private string Moved(string path) =>
        _moves.Select(m => m.Apply(path)).FirstOrDefault(p => p != path) ?? path;

    private static string DirectoryOf(string file) => Path.GetDirectoryName(file) ?? string.Empty;

    // As glob(3): a wildcard matches neither a slash nor a leading dot.
    private static IEnumerable<string> Expand(string pattern)
    {
        var parts = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
        IEnumerable<string> paths = [pattern.StartsWith('/') ? "/" : string.Empty];
        foreach (var part in parts)
        {
            var isWild = part.AsSpan().ContainsAny('*', '?');
            paths = paths.SelectMany(p => isWild ? Entries(p, part) : [Path.Combine(p, part)])
                .Take(MaxMatches)
                .ToArray();
        }

        return paths.Where(File.Exists);
    }

    private static IEnumerable<string> Entries(string directory, string part)
    {
        try
        {
            return Directory.GetFileSystemEntries(directory.Length == 0 ? "." : directory)
                .Select(e => Path.GetFileName(e)!)
                .Where(n => FileSystemName.MatchesSimpleExpression(part, n, ignoreCase: false)
                    && (n[0] != '.' || part[0] == '.'))
                .Select(n => Path.Combine(directory, n));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return [];
        }
    }

    private SourceFile? Load(string path)
    {
        if (!_files.TryGetValue(path, out var file))
        {
            _files.Add(path, file = Read(path));
        }

        return file;
    }

    private static SourceFile? Read(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                return null;
            }

            using var input = File.OpenRead(path);
            var bytes = new byte[MaxBytes];
            var length = input.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return SourceFile.FromBytes(path, bytes.AsSpan(0, length));
        }
        catch (Exception e) when (
            e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
