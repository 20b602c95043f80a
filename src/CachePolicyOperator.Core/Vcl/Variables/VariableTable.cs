
namespace CachePolicyOperator.Core.Vcl.Variables;

/// <summary>All variables of a Varnish version. The facts stand in the <c>.tsv</c> files beside this one.</summary>
public sealed class VariableTable
{
    private static readonly VariableTable Varnish71 = Load("Variables/varnish-7.1.tsv");
    private static readonly VariableTable Varnish77 = Load("Variables/varnish-7.7.tsv");
    private static readonly VariableTable Varnish80 = Load("Variables/varnish-8.0.tsv");
    private static readonly VariableTable Vinyl90 = Load("Variables/varnish-9.0.tsv");

    private readonly Dictionary<string, VariableFact[]> _facts;

    private VariableTable(IEnumerable<VariableFact> facts) =>
        _facts = facts.GroupBy(f => f.Name).ToDictionary(g => g.Key, g => g.ToArray());

    /// <summary>Every name in the table, headers as <c>req.http.*</c>.</summary>
    public IEnumerable<string> Names => _facts.Keys;

    public static VariableTable For(EngineVersion version) =>
        version >= EngineVersion.Vinyl ? Vinyl90
        : version.Major >= 8 ? Varnish80
        : version >= new EngineVersion(7, 7) ? Varnish77 : Varnish71;

    /// <summary>
    /// The facts of a variable in lower case; null where the version, or the language level, has none.
    /// </summary>
    public VariableFact? Find(string name, VclVersion syntax)
    {
        foreach (var fact in FindAnySyntax(name))
        {
            if (syntax == VclVersion.V40 ? !fact.Only41 : !fact.Only40)
            {
                return fact;
            }
        }

        return null;
    }

    /// <summary>The facts of a variable at any language level.</summary>
    public IReadOnlyList<VariableFact> FindAnySyntax(string name)
    {
        if (_facts.TryGetValue(name, out var facts))
        {
            return facts;
        }

        if (name.IndexOf(".http.", StringComparison.Ordinal) is var header and > 0)
        {
            return _facts.GetValueOrDefault($"{name[..header]}.http.*", []);
        }

        return name.Split('.', 3) switch
        {
            ["storage", _, var property] => _facts.GetValueOrDefault($"storage.<name>.{property}", []),
            ["storage", _] =>
                [new VariableFact(name, VclType.Stevedore, false, false, VclMethods.All, VclMethods.None,
                VclMethods.None)],
            _ => [],
        };
    }

    private static VariableTable Load(string resource)
    {
        using var stream = typeof(VariableTable).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"the assembly lacks {resource}");
        using var reader = new StreamReader(stream);
        var facts = new List<VariableFact>();
        _ = reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            facts.Add(ReadFact(line.Split('\t')));
        }

        return new VariableTable(facts);
    }

    private static VariableFact ReadFact(string[] cells) => new(
        cells[0].ToLowerInvariant(),
        VclTypeNames.Parse(cells[2]),
        Only40: cells[1] == "VCL <= 4.0",
        Only41: cells[1] == "VCL >= 4.1",
        ReadMethods(cells[3]),
        ReadMethods(cells[4]),
        ReadMethods(cells[5]));

    private static VclMethods ReadMethods(string cell)
    {
        var methods = VclMethods.None;
        foreach (var word in cell.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            methods |= word switch
            {
                "all" => VclMethods.All,
                "client" => VclMethods.Client,
                "backend" => VclMethods.Backend,
                _ when VclMethodNames.Parse(word) is var method and not VclMethods.None => method,
                _ => throw new InvalidDataException($"`{word}` is no subroutine"),
            };
        }

        return methods;
    }
}
