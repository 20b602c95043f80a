using System.Collections.Immutable;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.Execution;
using CachePolicyOperator.Core.Verification.Exploration;
using CachePolicyOperator.Core.Verification.Program;
using CachePolicyOperator.Core.Verification.Properties;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Confirming;

/// <summary>
/// Checks properties on one program, and confirms each finding with a concrete request before it is called a leak.
/// </summary>
internal sealed class ProofRun(
    ProgramFacts program, FaultLocalizer places, VclQuestion question, Budget budget)
{
    /// <summary>Code of a finding that rests on something that was not followed exactly.</summary>
    public const string NotUnderstood = "vcl/not-understood";

    /// <summary>As many findings of one property are confirmed and told.</summary>
    private const int MaxFindings = 20;

    /// <summary>Many findings share their requests; the explorations of so many are kept at a time.</summary>
    private const int MaxReplays = 100;

    /// <summary>
    /// So many requests may meet something that was not followed, before others are not asked any more.
    /// </summary>
    private const int MaxDoubts = 3;

    // Each pattern is translated once, however often the program is explored again for a finding.
    private readonly Regexes _regexes = new(budget);
    private readonly Dictionary<Witness, ExploredStates> _replays = [];
    private readonly Dictionary<Witness, IReadOnlyList<Finding>> _found = [];
    private ExploredStates? _explored;

    /// <summary>The patterns that were translated so far.</summary>
    public Regexes Patterns => _regexes;

    /// <summary>Whether nothing more can be asked.</summary>
    public bool IsSpent => _regexes.Budget.IsSpent;

    /// <summary>What the property finds: one diagnostic a place and message, errors first.</summary>
    public IReadOnlyList<Diagnostic> Check(IVclProperty property)
    {
        _found.Clear();
        var findings = property.Check(Whole).Where(IsPossible).GroupBy(f => (f.Place, f.Message, f.Severity))
            .OrderByDescending(g => g.Max(f => f.Severity)).Take(MaxFindings).ToList();
        return [.. findings.Select(group => Confirm(property, [.. group])).Distinct()];
    }

    /// <summary>
    /// What the proof has no answer to, property or not: restarts that leave a request another end than the origin
    /// sees.
    /// </summary>
    public IReadOnlyList<Diagnostic> CheckRestarts() =>
        [.. RequestSmuggling.Restarts(Whole).Select(r => NotFollowed(r.Place, r.Reason))];

    /// <summary>A statement that makes the verdict <see cref="VerdictKind.Unknown"/>.</summary>
    public static Diagnostic NotFollowed(SourceSpan place, string reason) =>
        Diagnostic.Error(NotUnderstood, place.ToString(), reason,
            "leave it to varnishd, or take it out of the VCL") with
        { Place = place.ToPlace() };

    /// <summary>
    /// What is found wrong with the first of some requests that leaks by itself; nothing where none does.
    /// </summary>
    /// <param name="requests">Asked for within the budget, too: making them may take all of it.</param>
    /// <remarks>Where the budget ends, so do the tries.</remarks>
    public IReadOnlyList<Diagnostic> Try(
        IReadOnlyCollection<IVclProperty> properties, Func<IEnumerable<Witness>> requests)
    {
        try
        {
            return requests().Select(request => Leaks(properties, request))
                .FirstOrDefault(leaks => leaks.Count > 0) ?? [];
        }
        catch (BudgetExceededException)
        {
            return [];
        }
    }

    // What is found before the budget ends counts; what is found because it ended is not found.
    private IReadOnlyList<Diagnostic> Leaks(IEnumerable<IVclProperty> properties, Witness request)
    {
        var explored = Explore(WitnessMaker.FactsOf(request, program.Separators));
        var leaks = new Dictionary<(SourceSpan, string), Diagnostic>();
        try
        {
            foreach (var finding in properties.SelectMany(p => p.Check(explored)).TakeWhile(_ => !IsSpent))
            {
                if (finding is { Severity: Severity.Error, IsOfTwo: false, State.Approximation: null }
                    && !leaks.ContainsKey((finding.Place, finding.Message)))
                {
                    leaks.Add((finding.Place, finding.Message), Report(finding, request));
                }
            }
        }
        catch (UnsupportedVclException)
        {
            return [];
        }
        catch (BudgetExceededException) when (leaks.Count > 0)
        {
        }

        return [.. leaks.Values];
    }

    // On the way to it, nobody looked for long whether any request goes there.
    private bool IsPossible(Finding finding) => Whole.Solver.Closed(finding.State) is not null;

    private ExploredStates Whole => _explored ??= Explore(null);

    private ExploredStates Explore(ImmutableDictionary<Input, InputFacts>? given)
    {
        var solver = new Solver(new InputSpace(_regexes.Budget, given, program.Writes(Flag.ParsedForEsi.Variable!)
            || program.Writes(TrackedVariables.Filters)), _explored?.Solver);
        return new ExploredStates(question, solver, _regexes,
            new RequestExplorer(program, new Executor(program, solver, _regexes)));
    }

    private Diagnostic Confirm(IVclProperty property, Finding[] findings)
    {
        var maker = new WitnessMaker(Whole.Solver, question.Identity, program.Separators);
        var doubts = new List<Finding>();
        var tried = new HashSet<Witness>();
        foreach (var finding in findings.OrderBy(f => f.State.Approximation is null ? 0 : 1)
            .ThenBy(f => OrdinaryVisitor.Oddity(Whole.Solver, f.State)).Take(8))
        {
            foreach (var witness in maker.Of(finding.State))
            {
                // Of a finding of two, the other one counts as well.
                if ((!finding.IsOfTwo && !tried.Add(witness)) || Replay(property, finding, witness) is not { } replayed)
                {
                    continue;
                }

                if (replayed.State.Approximation is null)
                {
                    return Report(replayed, witness);
                }

                doubts.Add(replayed);
                if (doubts.Count == MaxDoubts)
                {
                    return Unconfirmed(doubts[0]);
                }
            }
        }

        return Unconfirmed(doubts.Count > 0 ? doubts[0] : findings[0]);
    }

    private Diagnostic Unconfirmed(Finding finding) =>
        finding.Severity == Severity.Error ? Doubt(finding) : Report(finding, null);

    // The same program, with nothing possible but this request: whether the property breaks with it, too.
    // Of a finding that takes two, that this request is one of them.
    private Finding? Replay(IVclProperty property, Finding finding, Witness witness)
    {
        var explored = With(witness);
        return finding.IsOfTwo
            ? explored.Stores.Concat(explored.ErrorStores)
                .Any(s => SentRequest.IsTheSame(s.State, finding.State,
                SentRequest.FieldsVarying([s.State, finding.State]))) ? finding : null
            : Found(property, witness, explored).FirstOrDefault(f =>
                // What is only warned of confirms no error.
                f.Message == finding.Message && f.Severity >= finding.Severity);
    }

    private IReadOnlyList<Finding> Found(IVclProperty property, Witness witness, ExploredStates explored) =>
        _found.TryGetValue(witness, out var found) ? found : _found[witness] = [.. property.Check(explored)];

    private ExploredStates With(Witness witness)
    {
        if (!_replays.TryGetValue(witness, out var explored))
        {
            if (_replays.Count == MaxReplays)
            {
                _replays.Clear();
            }

            _replays[witness] = explored = Explore(WitnessMaker.FactsOf(witness, program.Separators));
        }

        return explored;
    }

    private Diagnostic Report(Finding finding, Witness? witness)
    {
        var (place, goesOn) = places.Of(finding);
        var message = goesOn is null ? finding.Message : $"{finding.Message} (the built-in `{goesOn}` goes on here)";
        return new Diagnostic(finding.Code, finding.Severity, place.ToString(), message, finding.Help,
            WithResponse(witness, finding.State))
        {
            Place = place.ToPlace(),
            Trace = TracePrinter.Of(finding.State),
        };
    }

    private Witness? WithResponse(Witness? witness, SymbolicState state) => witness is null
        ? null
        : witness with
        {
            Response = new WitnessMaker(Whole.Solver, question.Identity, program.Separators).ResponseOf(state)
                .ToEquatableList(),
        };

    private Diagnostic Doubt(Finding finding)
    {
        var approximation = finding.State.Approximation;
        var (found, _) = places.Of(finding);
        var place = approximation is { Place.File: not null } ? approximation.Place : found;
        return Diagnostic.Error(NotUnderstood, place.ToString(),
            $"`{finding.Code}` cannot be decided: " +
                $"{approximation?.Reason ?? "no request confirms what the analysis considers possible"}",
            $"if it were so: {finding.Message} ({found}); {finding.Help}") with
        {
            Place = place.ToPlace(),
            Trace = TracePrinter.Of(finding.State),
        };
    }
}
