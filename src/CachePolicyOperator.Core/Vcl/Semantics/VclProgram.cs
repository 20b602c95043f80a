using CachePolicyOperator.Core.Vcl.Builtin;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Vcl.Variables;

namespace CachePolicyOperator.Core.Vcl.Semantics;

/// <summary>
/// A VCL joined with the built-in VCL of the Varnish that will run it, its names looked up: what is executed.
/// Make one with <see cref="VclJoiner"/>.
/// </summary>
public sealed class VclProgram
{
    private readonly Dictionary<string, Subroutine> _subroutines;
    private readonly ILookup<string, Symbol> _symbols;

    internal VclProgram(VclFile file, EngineVersion engine)
    {
        File = file;
        Engine = engine;
        Syntax = file.Version ?? VclVersion.V41;
        Variables = VariableTable.For(engine);
        _subroutines = JoinSubroutines(file, BuiltinVcl.For(engine));
        Definitions = FindDefinitions(file, _subroutines.Values).ToEquatableList();
        _symbols = Definitions.Items.ToLookup(d => d.Name.Key);
        HasInlineC = file.Declarations.Items.Any(d => d is InlineCDeclaration) ||
            _subroutines.Values.Any(s => s.Statements.Any(t => t is InlineCStatement));
    }

    /// <summary>The VCL without the built-in one.</summary>
    public VclFile File { get; }

    public EngineVersion Engine { get; }

    /// <summary>The version of the language that the VCL asks for.</summary>
    public VclVersion Syntax { get; }

    public VariableTable Variables { get; }

    public IReadOnlyCollection<Subroutine> Subroutines => _subroutines.Values;

    /// <summary>Every definition of the VCL's author, in order; one name may have several.</summary>
    public EquatableList<Symbol> Definitions { get; }

    /// <summary>Whether there is embedded C anywhere. Then nothing can be proven.</summary>
    public bool HasInlineC { get; }

    /// <summary>The subroutine of a name in any case; null where there is none.</summary>
    public Subroutine? FindSubroutine(string name) => _subroutines.GetValueOrDefault(name.ToLowerInvariant());

    /// <summary>One of varnishd's own subroutines; null where the version has none of that kind.</summary>
    public Subroutine? FindSubroutine(VclMethods method) => FindSubroutine(VclMethodNames.NameOf(method));

    /// <summary>The symbol of a name in any case; null where the VCL defines none.</summary>
    public Symbol? FindSymbol(string name) => _symbols[name.ToLowerInvariant()].FirstOrDefault();

    /// <summary>The symbol of that kind: in <c>vcl 4.0</c> an acl and a backend may have one name.</summary>
    public Symbol? FindSymbol(string name, SymbolKind kind) =>
        _symbols[name.ToLowerInvariant()].FirstOrDefault(s => s.Kind == kind);

    /// <summary>
    /// What varnishd knows of a variable; null where this version, or this level of the language, has none.
    /// </summary>
    public VariableFact? FindVariable(Variable variable) => Variables.Find(variable.Name, Syntax);

    /// <summary>
    /// The type of an expression; <see cref="VclType.Unknown"/> where a vmod that is not known decides. A string
    /// literal is <see cref="VclType.Text"/>.
    /// </summary>
    public VclType TypeOf(Expression expression) =>
        new ExpressionTyper(this, new DiagnosticBag()).TypeOf(expression, VclType.Unknown);

    private static Dictionary<string, Subroutine> JoinSubroutines(VclFile file, VclFile builtin)
    {
        var own = file.Declarations.Items.OfType<SubDeclaration>().Select(d => new SubroutinePart(d, IsBuiltin: false));
        var appended = builtin.Declarations.Items.OfType<SubDeclaration>()
            .Select(d => new SubroutinePart(d, IsBuiltin: true));
        return own.Concat(appended)
            .GroupBy(p => p.Declaration.Name.Key)
            .ToDictionary(g => g.Key, g => new Subroutine(g.Key, VclMethodNames.Parse(g.Key), g.ToEquatableList()));
    }

    private static IEnumerable<Symbol> FindDefinitions(VclFile file, IReadOnlyCollection<Subroutine> subroutines)
    {
        var declared = file.Declarations.Items.Select(d => d switch
        {
            AclDeclaration acl => new Symbol(acl.Name, SymbolKind.Acl, acl),
            BackendDeclaration backend => new Symbol(backend.Name, SymbolKind.Backend, backend),
            ProbeDeclaration probe => new Symbol(probe.Name, SymbolKind.Probe, probe),
            ImportDeclaration import => new Symbol(import.Name, SymbolKind.Vmod, import),
            SubDeclaration sub => new Symbol(sub.Name, SymbolKind.Subroutine, sub),
            _ => null,
        });
        var made = subroutines.SelectMany(s => s.Statements).OfType<NewStatement>()
            .Select(n => new Symbol(n.Name, SymbolKind.Instance, n));
        return declared.OfType<Symbol>().Concat(made);
    }
}
