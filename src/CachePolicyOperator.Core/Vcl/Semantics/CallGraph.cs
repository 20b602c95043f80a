using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Vcl.Variables;

namespace CachePolicyOperator.Core.Vcl.Semantics;

/// <summary>Who calls whom by name. Calls of an expression of type SUB are not in it.</summary>
public sealed class CallGraph
{
    private readonly VclProgram _program;
    private readonly Dictionary<Subroutine, (CallStatement Call, Subroutine Callee)[]> _calls;

    public CallGraph(VclProgram program)
    {
        _program = program;
        _calls = program.Subroutines.ToDictionary(s => s, s => FindCalls(s).ToArray());
    }

    public IReadOnlyList<(CallStatement Call, Subroutine Callee)> CallsIn(Subroutine caller) => _calls[caller];

    /// <summary>The subroutine and all that it calls, directly or not.</summary>
    public IReadOnlyCollection<Subroutine> ReachableFrom(Subroutine start)
    {
        var reached = new HashSet<Subroutine> { start };
        var open = new Stack<Subroutine>(reached);
        while (open.TryPop(out var caller))
        {
            foreach (var (_, callee) in _calls[caller].Where(c => reached.Add(c.Callee)))
            {
                open.Push(callee);
            }
        }

        return reached;
    }

    /// <summary>For each subroutine, from which of varnishd's own it may run.</summary>
    public IReadOnlyDictionary<Subroutine, VclMethods> Methods()
    {
        var methods = _program.Subroutines.ToDictionary(s => s, s => VclMethods.None);
        foreach (var method in _program.Subroutines.Where(s => s.Method != VclMethods.None))
        {
            foreach (var reached in ReachableFrom(method))
            {
                methods[reached] |= method.Method;
            }
        }

        return methods;
    }

    /// <summary>A call by which a subroutine gets back to itself, for each such circle.</summary>
    public IEnumerable<CallStatement> Recursions()
    {
        var done = new HashSet<Subroutine>();
        foreach (var start in _program.Subroutines.Where(s => !done.Contains(s)))
        {
            foreach (var call in RecursionsFrom(start, done))
            {
                yield return call;
            }
        }
    }

    // Depth-first with a stack of our own: a chain of a million subroutines must not be a chain of stack frames.
    private List<CallStatement> RecursionsFrom(Subroutine start, HashSet<Subroutine> done)
    {
        var found = new List<CallStatement>();
        var active = new HashSet<Subroutine> { start };
        var path = new Stack<(Subroutine Caller, int Next)>([(start, 0)]);
        while (path.TryPop(out var top))
        {
            if (top.Next == _calls[top.Caller].Length)
            {
                active.Remove(top.Caller);
                done.Add(top.Caller);
                continue;
            }

            path.Push(top with { Next = top.Next + 1 });
            var (call, callee) = _calls[top.Caller][top.Next];
            if (active.Contains(callee))
            {
                found.Add(call);
            }
            else if (!done.Contains(callee))
            {
                active.Add(callee);
                path.Push((callee, 0));
            }
        }

        return found;
    }

    private IEnumerable<(CallStatement Call, Subroutine Callee)> FindCalls(Subroutine caller) =>
        from call in caller.Statements.OfType<CallStatement>()
        let callee = call.Target is SymbolReference name ? _program.FindSubroutine(name.Key) : null
        where callee is not null
        select (call, callee);
}
