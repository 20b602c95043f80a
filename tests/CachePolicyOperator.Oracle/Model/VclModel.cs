using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Semantics;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.Execution;
using CachePolicyOperator.Core.Verification.Exploration;
using CachePolicyOperator.Core.Verification.Program;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Oracle.Model;

/// <summary>What the symbolic exploration considers possible of a VCL, explored once for every request.</summary>
internal sealed class VclModel
{
    private VclModel(VclFile file, ProgramFacts program, EngineVersion engine, bool oneByOne)
    {
        File = file;
        Engine = engine;
        var budget = Budget.ForProof();
        Solver = new Solver(new InputSpace(budget));
        var explorer = new RequestExplorer(program,
            new Executor(program, Solver, mode: oneByOne ? ExecutionMode.OneByOne : ExecutionMode.Merged));
        Lookups = explorer.Lookups(new SymbolicState());
        Hashed = explorer.Hashed(Lookups);
        var fetches = explorer.Fetches(Lookups);
        Sent = explorer.Sent(fetches);
        Stores = explorer.Stores(fetches);
        ErrorStores = explorer.ErrorStores(fetches);
    }

    public VclFile File { get; }

    public EngineVersion Engine { get; }

    public Solver Solver { get; }

    /// <summary>Every way to a lookup, as <c>vcl_recv</c> left it.</summary>
    public IReadOnlyList<SymbolicState> Lookups { get; private init; }

    /// <summary>The same with their keys.</summary>
    public IReadOnlyList<SymbolicState> Hashed { get; private init; }

    /// <summary>Every backend request behind a lookup, as the origin gets it.</summary>
    public IReadOnlyList<SymbolicState> Sent { get; private init; }

    /// <summary>Every way into the shared cache.</summary>
    public IReadOnlyList<Completion> Stores { get; private init; }

    /// <summary>Every way of a page that varnishd makes itself into the shared cache.</summary>
    public IReadOnlyList<Completion> ErrorStores { get; private init; }

    /// <summary>Explores the VCL; null, and why, where the exploration gives up: then a proof says Unknown.</summary>
    /// <param name="oneByOne">No two paths are walked together.</param>
    public static VclModel? Of(string vcl, EngineVersion engine, out string reason, bool oneByOne = false)
    {
        var parse = VclParser.Parse("fuzz.vcl", vcl);
        if (parse.HasErrors)
        {
            reason = "refused: " + parse.Diagnostics[0];
            return null;
        }

        var join = VclJoiner.Join(parse.File, engine);
        if (join.HasErrors || join.Program.HasInlineC)
        {
            reason = "refused: " + join.Diagnostics.Items.FirstOrDefault();
            return null;
        }

        try
        {
            reason = string.Empty;
            return new VclModel(parse.File, new ProgramFacts(join.Program), engine, oneByOne);
        }
        catch (UnsupportedVclException unsupported)
        {
            reason = "not modelled: " + unsupported.Message;
            return null;
        }
        catch (BudgetExceededException exceeded)
        {
            reason = "too complex: " + exceeded.Message;
            return null;
        }
    }

    /// <summary>The same with other paths: what a test does to see that the judge notices.</summary>
    public VclModel Without(Func<SymbolicState, bool> path) => new(this)
    {
        Lookups = [.. Lookups.Where(p => !path(p))],
        Hashed = [.. Hashed.Where(p => !path(p))],
        Sent = [.. Sent.Where(p => !path(p))],
        Stores = [.. Stores.Where(o => !path(o.State))],
        ErrorStores = [.. ErrorStores.Where(o => !path(o.State))],
    };

    private VclModel(VclModel other)
    {
        (File, Engine, Solver) = (other.File, other.Engine, other.Solver);
        (Lookups, Hashed, Sent, Stores, ErrorStores) =
            (other.Lookups, other.Hashed, other.Sent, other.Stores, other.ErrorStores);
    }
}
