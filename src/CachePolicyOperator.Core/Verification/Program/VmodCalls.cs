using CachePolicyOperator.Core.Vcl.Semantics;
using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Verification.Program;

/// <summary>Which vmods the calls of a VCL belong to, under whatever names the VCL imports them.</summary>
internal sealed class VmodCalls(VclProgram program)
{
    private readonly Dictionary<string, string> _imports = program.File.Declarations.Items.OfType<ImportDeclaration>()
        .Where(IsInstalled).GroupBy(i => i.Name.Key)
            .ToDictionary(i => i.Key, i => i.First().Vmod.Key, StringComparer.Ordinal);

    /// <summary>The function or method that is called, without the name before it.</summary>
    public static string FunctionOf(FunctionCall call) => call.Key.Split('.', 2)[^1];

    /// <summary>
    /// Whether a package brought the vmod: what a file of anybody's does is not told by its vmod's name.
    /// </summary>
    public static bool IsInstalled(ImportDeclaration import) => import.From is not { } from
        || !from.Contains('/', StringComparison.Ordinal)
        || (from.StartsWith("/usr/", StringComparison.Ordinal) && !from.Contains("..", StringComparison.Ordinal));

    /// <summary>The vmod of a call; null where the name is an object or nothing we know.</summary>
    public string? Of(FunctionCall call) =>
        call.Key.Contains('.', StringComparison.Ordinal) ? Named(call.Key.Split('.', 2)[0]) : null;

    /// <summary>The vmod that the VCL calls by a name; null where it imports none so.</summary>
    public string? Named(string name) => _imports.GetValueOrDefault(name);

    /// <summary>The vmod whose function or whose object's method is called; null where it is nothing we know.</summary>
    public string? Behind(FunctionCall call) => !call.Key.Contains('.', StringComparison.Ordinal) ? null
        : Of(call) ?? OfObject(call.Key.Split('.', 2)[0]);

    /// <summary>Whether the call may answer with what another one was handed.</summary>
    public bool Remembers(FunctionCall call) => Behind(call) is { } vmod && VmodFacts.Remembering.Contains(vmod);

    /// <summary>Whether the call is of vmod std's function.</summary>
    public bool IsStd(FunctionCall call, string function) => Of(call) == "std" && FunctionOf(call) == function;

    /// <summary>Whether the call is of an object of that vmod.</summary>
    public bool IsObjectOf(FunctionCall call, string vmod) =>
        call.Key.Contains('.', StringComparison.Ordinal) && Of(call) is null
            && OfObject(call.Key.Split('.', 2)[0]) == vmod;

    /// <summary>
    /// Whether the call may read the URL as it is then: a shard director chooses by that, unless it is told another
    /// key.
    /// </summary>
    public bool ReadsUrl(FunctionCall call) => call.Key.Split('.', 2) is [var name, "backend"]
        && Made(name) is { } made && made.Constructor.Key.EndsWith(".shard", StringComparison.Ordinal);

    /// <summary>Refuses a call of a vmod whose effects are not known.</summary>
    /// <exception cref="UnsupportedVclException">It is one.</exception>
    public void Check(FunctionCall call)
    {
        if (!call.Key.Contains('.', StringComparison.Ordinal))
        {
            return;
        }

        var vmod = Behind(call);
        if (vmod is not ("std" or VmodFacts.Cookie or "var") && !IsHeaderRead(call)
            && (vmod is null || !VmodFacts.Harmless.Contains(vmod)))
        {
            throw new UnsupportedVclException(call.Span,
                $"`{call.Name}` belongs to a vmod whose effects are not known");
        }

        // Whoever is handed a subroutine may call it.
        if (call.Arguments.Items.SelectMany(a => a.Value.WithNested()).OfType<SymbolReference>()
            .Any(s => program.FindSymbol(s.Key, SymbolKind.Subroutine) is not null))
        {
            throw new UnsupportedVclException(call.Span, $"`{call.Name}` may call a subroutine");
        }

        // Backends come and go for every request, also where a condition only asks whether they did.
        if (IsObjectOf(call, "directors") && !VmodFacts.Asking.Contains(FunctionOf(call)))
        {
            throw new UnsupportedVclException(call.Span, $"what `{call.Name}` makes of the directors is not modelled");
        }
    }

    private bool IsHeaderRead(FunctionCall call) => Of(call) == "header" && FunctionOf(call) == "get";

    // The vmod that an object of `new` comes from; null where the name is no object.
    private string? OfObject(string name) =>
        Made(name) is { } made ? Named(made.Constructor.Key.Split('.', 2)[0]) : null;

    private NewStatement? Made(string name) =>
        program.FindSymbol(name, SymbolKind.Instance)?.Definition as NewStatement;
}
