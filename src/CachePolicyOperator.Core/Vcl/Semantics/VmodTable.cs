using CachePolicyOperator.Core.Vcl.Variables;

namespace CachePolicyOperator.Core.Vcl.Semantics;

/// <summary>
/// The signatures of the vmods that come with Varnish 7.1 to 8.0 and Vinyl Cache 9.0, from <c>vmods.tsv</c>. Of any
/// other vmod nothing is known, so nothing about it is wrong either.
/// </summary>
public static class VmodTable
{
    private static readonly Dictionary<string, EngineVersion> Since = [];
    private static readonly Dictionary<string, EngineVersion> Before = [];
    private static readonly Dictionary<string, VmodFunction> Functions = Load();

    private static readonly HashSet<string> Vmods = [.. Functions.Keys.Select(n => n.Split('.')[0])];

    public static bool Knows(string vmod) => Vmods.Contains(vmod.ToLowerInvariant());

    /// <summary>By the vmod's own name, whatever the VCL calls it; null where the engine has none.</summary>
    public static VmodFunction? Find(string name, EngineVersion engine) =>
        Has(engine, name.ToLowerInvariant()) ? Functions.GetValueOrDefault(name.ToLowerInvariant()) : null;

    /// <summary>All that a vmod has.</summary>
    public static IEnumerable<string> NamesOf(string vmod, EngineVersion engine) =>
        Functions.Keys.Where(n => n.StartsWith(vmod.ToLowerInvariant() + ".", StringComparison.Ordinal)
            && Has(engine, n));

    private static bool Has(EngineVersion engine, string name) =>
        !(Since.TryGetValue(name, out var since) && engine < since)
        && !(Before.TryGetValue(name, out var before) && engine >= before);

    private static Dictionary<string, VmodFunction> Load()
    {
        using var stream = typeof(VmodTable).Assembly.GetManifestResourceStream("Semantics/vmods.tsv")
            ?? throw new InvalidOperationException("the assembly lacks Semantics/vmods.tsv");
        using var reader = new StreamReader(stream);
        var functions = new Dictionary<string, VmodFunction>();
        _ = reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split('\t');
            var name = $"{cells[0]}.{cells[1]}".ToLowerInvariant();
            var parameters = cells[4].Split("; ", StringSplitOptions.RemoveEmptyEntries).Select(ReadParameter);
            if (cells.Length > 5)
            {
                // `<8.0`, `>=9.0`
                _ = EngineVersion.TryParse(cells[5].TrimStart('<', '>', '='), out var version);
                (cells[5][0] == '<' ? Before : Since)[name] = version;
            }

            functions[name] = new VmodFunction(
                name, cells[2] == "object", VclTypeNames.Parse(cells[3]), parameters.ToEquatableList());
        }

        return functions;
    }

    // `ENUM(A|B) name?`: a type, then perhaps a name, and a mark where it may be left out.
    private static VmodParameter ReadParameter(string text)
    {
        var optional = text.EndsWith('?');
        var words = text.TrimEnd('?').Split(' ', 2);
        var name = words.Length > 1 ? words[1] : null;
        return words[0].StartsWith("ENUM(", StringComparison.Ordinal)
            ? new VmodParameter(VclType.Enumeration, name, optional, words[0][5..^1].Split('|').ToEquatableList())
            : new VmodParameter(VclTypeNames.Parse(words[0]), name, optional, []);
    }
}
