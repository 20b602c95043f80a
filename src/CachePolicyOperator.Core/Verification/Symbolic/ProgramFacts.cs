using CachePolicyOperator.Core.Vcl.Semantics;
using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Verification.Symbolic;

/// <summary>What an execution asks of a program again and again, looked up once.</summary>
internal sealed class ProgramFacts
{
    private readonly VclProgram _program;
    private readonly Dictionary<string, IReadOnlyList<Block>> _bodies;
    private readonly Dictionary<string, string> _imports;
    private readonly HashSet<string> _actions;

    public ProgramFacts(VclProgram program)
    {
        _program = program;
        _bodies = program.Subroutines.ToDictionary(
            s => s.Name, IReadOnlyList<Block> (s) => [.. s.Parts.Items.Select(p => p.Declaration.Body)], StringComparer.OrdinalIgnoreCase);
        _imports = program.File.Declarations.Items.OfType<ImportDeclaration>()
            .GroupBy(i => i.Name.Key).ToDictionary(i => i.Key, i => i.First().Vmod.Key, StringComparer.Ordinal);
        _actions = [.. program.Subroutines.SelectMany(s => s.Statements).OfType<ReturnStatement>().Select(r => r.Action?.Key ?? string.Empty)];
    }

    public string FileName => _program.File.Source.Name;

    /// <summary>The bodies of a subroutine in the order in which they run, the built-in one last; empty where there is none.</summary>
    public IReadOnlyList<Block> BodiesOf(string sub) => _bodies.TryGetValue(sub, out var bodies) ? bodies : [];

    /// <summary>Whether any statement returns the action.</summary>
    public bool Returns(string action) => _actions.Contains(action);

    /// <summary>The vmod that the VCL calls by a name; null where it imports none so.</summary>
    public string? VmodOf(string name) => _imports.GetValueOrDefault(name);

    /// <summary>The vmod that an object of <c>new</c> comes from; null where the name is no object.</summary>
    public string? VmodOfObject(string name) =>
        _program.FindSymbol(name, SymbolKind.Instance)?.Definition is NewStatement made ? VmodOf(made.Constructor.Key.Split('.', 2)[0]) : null;
}
