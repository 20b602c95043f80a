using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.Program;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Execution;

/// <summary>
/// Finds conditions that only spare work: around rewrites of the value they ask for, which change nothing where they do
/// not hold, as in <c>if (req.url ~ "[?&amp;]gclid=") { set req.url = regsuball(req.url, …); }</c>. Such a statement
/// does what its body does, and no path need be split for it.
/// </summary>
internal sealed class RedundantGuards(Evaluator evaluator, Solver solver, Regexes regexes)
{
    private readonly Dictionary<IfStatement, Guard?> _guards = new(ReferenceEqualityComparer.Instance);

    /// <summary>Whether the statement does on the path what its only body does.</summary>
    public bool IsRedundant(SymbolicState state, IfStatement branching)
    {
        if (!_guards.TryGetValue(branching, out var guard))
        {
            _guards.Add(branching, guard = Read(branching));
        }

        return guard is not null && IsOneValue(state, guard.Value)
            && (guard.AlwaysRedundant || IsRedundantOn(state, guard));
    }

    private Guard? Read(IfStatement branching)
    {
        if (branching is not { Branches: [{ Condition: MatchExpression match, Body: var body }], Else: null }
            || match is not { Negated: false, Regex: { } regex, Left: Variable value }
            || MapsOf(body, value) is not { Count: > 0 } maps)
        {
            return null;
        }

        var failing = regexes.LanguageOf(regex).Must.Complement();
        return new Guard(value, failing, maps, maps.All(map => map.Unchanged!.Includes(failing, solver.Budget)));
    }

    /// <summary>The rewrites in their order, conditions or not; null where the block does anything else.</summary>
    private List<TextMap>? MapsOf(Block block, Variable value)
    {
        var maps = new List<TextMap>();
        foreach (var statement in block.Statements)
        {
            switch (statement)
            {
                case SetStatement
                {
                    Operator: AssignmentOperator.Assign,
                    Value: FunctionCall { Key: "regsub" or "regsuball" } call
                } set
                    when set.Target.Name == value.Name
                        && call.Arguments is
                            [{ Value: Variable subject }, { Value: StringLiteral pattern }, { Value: StringLiteral to }]
                        && subject.Name == value.Name
                        && regexes.MapOf(pattern.Value, to.Value, all: call.Key == "regsuball") is
                        { Unchanged: not null } map:
                    maps.Add(map);
                    break;
                case IfStatement inner when Read(inner) is { AlwaysRedundant: true } guard
                    && guard.Value.Name == value.Name:
                    maps.AddRange(guard.Maps);
                    break;
                default:
                    return null;
            }
        }

        return maps;
    }

    // Of a value as it arrived, more is known than of any.
    private bool IsRedundantOn(SymbolicState state, Guard guard)
    {
        var (text, _) = evaluator.TextOf(state, guard.Value);
        return text is InputText
            && (solver.Within(state, text, guard.Failing) is not { } spared
                || guard.Maps.TrueForAll(map => solver.Within(spared, text, map.Unchanged!.Complement()) is null));
    }

    // A field that is not there would be written, and of several lines one would be left.
    private bool IsOneValue(SymbolicState state, Variable value) => value.Header is null
        ? Input.Of(value) is var variable && (variable == Input.Url || variable == TrackedVariables.BackendUrl)
        : evaluator.FieldOf(state, value) is WrittenField;

    /// <param name="Failing">The values for which the condition may fail.</param>
    /// <param name="AlwaysRedundant">The maps leave all of these as they are.</param>
    private sealed record Guard(Variable Value, Language Failing, List<TextMap> Maps, bool AlwaysRedundant);
}
