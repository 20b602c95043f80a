using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace CachePolicyOperator.Origins.Running;

/// <summary>
/// Recordings as text: the version on the first line, then page and target; bytes that do not print are <c>\xNN</c>.
/// </summary>
public static partial class RecordingFile
{
    private const string Extension = ".tsv";

    /// <summary>The recordings that were made when this was built.</summary>
    public static IReadOnlyList<Recording> All { get; } = [.. Names().Select(Read)];

    public static string Write(Recording recording)
    {
        var text = new StringBuilder(recording.Version).Append('\n');
        foreach (var (page, target) in recording.Resolved)
        {
            text.Append(page).Append('\t').Append(Escape(target)).Append('\n');
        }

        return text.ToString();
    }

    public static Recording Parse(string framework, string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return new Recording(framework, lines[0],
            [.. lines.Skip(1).Select(l => l.Split('\t'))
                .Select(cells => new ResolvedTarget(cells[0], Unescape(cells[1])))]);
    }

    /// <summary>As the files and the page show a target.</summary>
    public static string Escape(string target) =>
        string.Concat(target.Select(c => c is > ' ' and < '\x7f' and not '\\' ? c.ToString() : $@"\x{(int)c:x2}"));

    private static string Unescape(string text) =>
        Escaped().Replace(text, m => ((char)int.Parse(m.Groups[1].Value, NumberStyles.HexNumber)).ToString());

    private static IEnumerable<string> Names() =>
        typeof(RecordingFile).Assembly.GetManifestResourceNames()
            .Where(n => n.EndsWith(Extension, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private static Recording Read(string name)
    {
        using var reader = new StreamReader(typeof(RecordingFile).Assembly.GetManifestResourceStream(name)!);
        return Parse(name[..^Extension.Length], reader.ReadToEnd());
    }

    [GeneratedRegex(@"\\x([0-9a-f]{2})")]
    private static partial Regex Escaped();
}
