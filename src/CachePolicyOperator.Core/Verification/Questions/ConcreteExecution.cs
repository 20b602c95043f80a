using System.Text;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Verification.Confirming;
using CachePolicyOperator.Core.Verification.Execution;
using CachePolicyOperator.Core.Verification.Exploration;
using CachePolicyOperator.Core.Verification.Program;
using CachePolicyOperator.Core.Verification.Properties;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Questions;

/// <summary>Every way of one concrete request through a program.</summary>
internal sealed class ConcreteExecution
{
    private const int MaxWays = 16;

    private readonly Request _request;
    private readonly Solver _solver;
    private readonly RequestExplorer _explorer;

    public ConcreteExecution(ProgramFacts program, Request request, Budget budget)
    {
        _request = request;
        _solver = new Solver(new InputSpace(budget,
            WitnessMaker.FactsOf(new Witness(request.Method, request.Target, request.Headers), program.Separators)));
        _explorer = new RequestExplorer(program, new Executor(program, _solver, mode: ExecutionMode.AsWritten));
    }

    public IEnumerable<VclDecision> Tell()
    {
        var lookups = _explorer.Lookups(new SymbolicState()).SelectMany(OfLookup);
        var others = _explorer.Decisions(new SymbolicState()).Where(o => o.Action != "hash").Select(OfOther);
        return lookups.Concat(others).Take(MaxWays);
    }

    // On a miss, the request that was looked up is fetched.
    private IEnumerable<VclDecision> OfLookup(SymbolicState lookup)
    {
        var fetches = _explorer.Fetches([lookup]);
        var sent = _explorer.Sent(fetches);
        var mayBeStored = _explorer.Stores(fetches).Count > 0;
        foreach (var hashed in _explorer.Hashed([lookup]))
        {
            var key = hashed.Key.Select(part => ValueOf(hashed, part));
            yield return Decide("lookup", lookup, sent.Count > 0 ? sent[0]
                : hashed, key, sent.Count > 0) with
            { MayBeStored = mayBeStored };
        }
    }

    private VclDecision OfOther(Completion completion)
    {
        var sent = completion.Action is "pass" or "pipe" ? _explorer.SentOnPass(completion.State) : [];
        return Decide(completion.Action ?? "fail", completion.State, sent.Count > 0 ? sent[0]
            : completion.State, [], sent.Count > 0);
    }

    private VclDecision Decide(string action, SymbolicState decided, SymbolicState state, IEnumerable<string> key,
        bool isSent) => new(
        action,
        state.Restarts,
        key.ToEquatableList(),
        isSent ? Forwarded(state).ToEquatableList() : [],
        isSent ? Removed(state).ToEquatableList() : [],
        false,
        TracePrinter.WholeOf(state),
        state.Approximation is { } approximation ? approximation.Reason : null)
        {
            Written = Written(decided).ToEquatableList(),
            IsFragment = EsiLevel.IsFragment(decided),
        };

    private IEnumerable<HeaderField> Written(SymbolicState decided) =>
        from field in decided.Fields
        where field.Key.IsOfClientField && field.Value is WrittenField or AnyField
        orderby field.Key
        select new HeaderField(field.Key.FieldTitle, ValueOf(decided, field.Value.Read()));

    private IEnumerable<string> Forwarded(SymbolicState state)
    {
        yield return $"{ValueOf(state, state.MethodSent())} {ValueOf(state, state.UrlSent())}";
        foreach (var name in Names(state))
        {
            if (LineOf(state, name) is { } line)
            {
                yield return line;
            }
        }
    }

    private IEnumerable<string> Removed(SymbolicState state) =>
        _request.Headers.Items.Select(h => h.Name).Distinct(StringComparer.OrdinalIgnoreCase)
            .Where(n => LineOf(state, Input.OfClientField(n.ToLowerInvariant())) is null);

    // What the client sent, in its order, then what the VCL wrote.
    private IEnumerable<Input> Names(SymbolicState state) =>
        _request.Headers.Items.Select(h => Input.OfClientField(h.Name.ToLowerInvariant()))
            .Concat(state.Fields.Keys.Where(f => f.IsOfField && (f.IsOfClient || f.IsOfBackendRequest))
                .Select(f => f.OfClientRequest).Order())
            .Distinct();

    private string? LineOf(SymbolicState state, Input header)
    {
        var field = state.FieldSent(header);
        var isThere = field switch
        {
            AbsentField => false,
            InputField input => _solver.Of(state, input.Input).MayBePresent,
            _ => true,
        };
        return isThere ? $"{header.FieldTitle}: {ValueOf(state, field.Read())}" : null;
    }

    private string ValueOf(SymbolicState state, Text text) => text switch
    {
        ConstantText constant => Readable(constant.Value),
        JoinedText joined => string.Concat(joined.Parts.Items.Select(p => ValueOf(state, p))),
        AnyText any => $"(any value: {any.Why?.Reason ?? "it is not known"})",
        _ when _solver.Reading(state, text) is var reading =>
            reading.OnlyWord(_solver.Budget) is { } only ? Readable(Encoding.Latin1.GetString(only))
            : reading.IsEmpty ? "(no value)"
            : "(one of several values)",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Readable(string bytes) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(bytes));
}
