using CachePolicyOperator.Core.Vcl.Semantics;
using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Verification.Properties;

/// <summary>
/// Cookies that a VCL makes, on the way out, of what an answer that may come from the cache holds: all get the first
/// one's.
/// </summary>
internal static class CookiesFromStored
{
    private const string SetCookie = "resp.http.set-cookie";

    /// <summary>The places, each with what is wrong there.</summary>
    public static IEnumerable<(SourceSpan Place, string Reason)> Edits(VclProgram program)
    {
        var writing = program.Subroutines.SelectMany(s => s.Statements)
            .Where(s => s is SetStatement or ExpressionStatement).ToArray();
        var readers = writing.SelectMany(s => Read(s).Distinct().Select(v => (Variable: v, Statement: s)))
            .ToLookup(r => r.Variable, r => r.Statement);
        var telling = new HashSet<Statement>(ReferenceEqualityComparer.Instance);
        var told = new HashSet<string>(StringComparer.Ordinal);
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
    private static IEnumerable<string> Written(Statement statement) =>
        statement is SetStatement set ? [set.Target.Name] : Names(statement.Expressions());

    private static IEnumerable<string> Read(Statement statement) =>
        Names(statement is SetStatement set ? [set.Value] : statement.Expressions());

    private static IEnumerable<string> Names(IEnumerable<Expression> expressions) =>
        expressions.SelectMany(e => e.WithNested()).Select(NameOf).OfType<string>();

    // Vmod std keeps nothing.
    private static string? NameOf(Expression expression) => expression switch
    {
        Variable variable => variable.Name,
        FunctionCall call when call.Key.Split('.', 2) is [not "std", _] and [var vmod, _] => vmod + ".",
        _ => null,
    };

    // A stored answer has no `Set-Cookie` of the origin's.
    private static bool IsKept(string variable) =>
        (variable.StartsWith("resp.http.", StringComparison.Ordinal) && variable != SetCookie)
        || variable.StartsWith("obj.http.", StringComparison.Ordinal) || variable is "resp.reason" or "obj.reason";
}
