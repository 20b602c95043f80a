using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Vcl.Semantics;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Properties;

/// <summary>
/// Cookies that a VCL makes, on the way out, of what an answer that may come from the cache holds: all get the first
/// one's.
/// </summary>
internal static class CookiesFromStored
{
    private static readonly Input SetCookie = Input.Of("resp.http." + ResponseFields.SetCookie);

    /// <summary>The places, each with what is wrong there.</summary>
    public static IEnumerable<(SourceSpan Place, string Reason)> Edits(VclProgram program)
    {
        var writing = program.Subroutines.SelectMany(s => s.Statements)
            .Where(s => s is SetStatement or ExpressionStatement).ToArray();
        var readers = writing.SelectMany(s => Read(s).Distinct().Select(v => (Variable: v, Statement: s)))
            .ToLookup(r => r.Variable, r => r.Statement);
        var telling = new HashSet<Statement>(ReferenceEqualityComparer.Instance);
        var told = new HashSet<Input>();
        var pending = new Stack<Statement>(readers.Where(r => IsKept(r.Key)).SelectMany(r => r));
        while (pending.TryPop(out var statement))
        {
            // Also by way of another variable, or of what a vmod keeps.
            foreach (var reader in telling.Add(statement)
                ? Written(statement).Where(told.Add).SelectMany(v => readers[v]) : [])
            {
                pending.Push(reader);
            }
        }

        return from statement in writing
               where telling.Contains(statement) && Written(statement).Contains(SetCookie)
               select (statement.Span,
                   "an answer from the cache may hold what another client was told, and this gives it away as a " +
                       "cookie");
    }

    // A call may write whatever field it is given.
    private static IEnumerable<Input> Written(Statement statement) =>
        statement is SetStatement set ? [Input.Of(set.Target)] : Names(statement.Expressions());

    private static IEnumerable<Input> Read(Statement statement) =>
        Names(statement is SetStatement set ? [set.Value] : statement.Expressions());

    private static IEnumerable<Input> Names(IEnumerable<Expression> expressions) =>
        expressions.SelectMany(e => e.WithNested()).Select(NameOf).OfType<Input>();

    // What a vmod keeps is a variable of its own. Vmod std keeps nothing.
    private static Input? NameOf(Expression expression) => expression switch
    {
        Variable variable => Input.Of(variable),
        FunctionCall call when call.Key.Split('.', 2) is [not "std", _] and [var vmod, _] => Input.Of(vmod + "."),
        _ => null,
    };

    // A stored answer has no `Set-Cookie` of the origin's.
    private static bool IsKept(Input variable) =>
        (variable.IsOfResponse && variable.IsOfField && variable != SetCookie)
        || variable == Input.DeliveredReason || variable == Input.StoredReason;
}
