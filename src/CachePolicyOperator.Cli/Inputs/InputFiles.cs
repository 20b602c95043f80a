using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Cli.Inputs;

/// <summary>
/// Reads what <c>-f</c> names: files, directories of YAML and JSON files, and <c>-</c> for standard input.
/// </summary>
internal static class InputFiles
{
    public const string StandardInput = "stdin";

    private const int Most = 64 * 1024 * 1024;

    /// <summary>The texts in the order given; what cannot be read is told in <paramref name="problems"/>.</summary>
    public static IReadOnlyList<InputFile> Read(
        IEnumerable<string> names, Terminal terminal, List<Diagnostic> problems,
        string help = "name a file, a directory with `*.yaml` files, or `-` for standard input")
    {
        var files = new List<InputFile>();
        foreach (var name in names.Distinct())
        {
            try
            {
                if (name == "-")
                {
                    using var input = terminal.OpenInput();
                    files.Add(Read(StandardInput, input));
                }
                else
                {
                    foreach (var path in Directory.Exists(name) ? FilesOf(name) : [name])
                    {
                        using var input = File.OpenRead(path);
                        files.Add(Read(path, input));
                    }
                }
            }
            catch (Exception e) when (
                e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
            {
                problems.Add(Diagnostic.Error("input/unreadable", name, e switch
                {
                    FileNotFoundException or DirectoryNotFoundException => "there is no such file",
                    UnauthorizedAccessException => "the file may not be read",
                    _ => e.Message.TrimEnd('.'),
                }, help));
            }
        }

        return files;
    }

    private static IEnumerable<string> FilesOf(string directory) =>
        Directory.EnumerateFiles(directory)
            .Where(f => Path.GetExtension(f) is ".yaml" or ".yml" or ".json")
            .Order(StringComparer.Ordinal);

    private static InputFile Read(string name, Stream input)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[81_920];
        // The reader of documents refuses a long text with a remedy; this only bounds an endless one.
        for (int read; bytes.Length < Most && (read = input.Read(buffer)) > 0;)
        {
            bytes.Write(buffer, 0, read);
        }

        return new InputFile(name, bytes.ToArray());
    }
}
