using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Vcl.Variables;

namespace CachePolicyOperator.Core.Vcl.Semantics;

/// <summary>Returns that are not possible where they may run, and subroutines that call themselves.</summary>
internal sealed class ReturnCheck : IProgramCheck
{
    public void Run(VclProgram program, DiagnosticBag diagnostics)
    {
        var graph = new CallGraph(program);
        var methods = graph.Methods();
        foreach (var sub in program.Subroutines)
        {
            foreach (var statement in sub.Statements.OfType<ReturnStatement>())
            {
                Check(statement, sub, methods[sub], diagnostics);
            }
        }

        foreach (var call in graph.Recursions())
        {
            diagnostics.Error("vcl/recursion", call.Target.Span, $"`{call.Target.Span.Text}` calls itself",
                "VCL has no recursion: use `return (restart);` or `return (retry);`");
        }
    }

    private static void Check(ReturnStatement statement, Subroutine sub, VclMethods methods, DiagnosticBag diagnostics)
    {
        if (statement.Action is not { } action)
        {
            if (sub.Method != VclMethods.None)
            {
                diagnostics.Error("vcl/return", statement.Span, $"`return;` is not possible in `{sub.Name}`",
                    $"write one of {List(ReturnTable.LegalIn(sub.Method))}");
            }

            return;
        }

        if (!ReturnTable.IsAction(action.Text))
        {
            diagnostics.Error("vcl/return", action.Span, $"`{action}` is nothing that can be returned",
                Suggestion.DidYouMean(action.Text, ReturnTable.Actions));
            return;
        }

        var (least, most) = ReturnTable.Arguments(action.Text);
        if (statement.Arguments.Count < least || statement.Arguments.Count > most)
        {
            diagnostics.Error(
                "vcl/return", action.Span, $"`{action}` takes {Count(least, most)}, not {statement.Arguments.Count}");
        }

        CheckMethods(action, sub, methods, diagnostics);
    }

    private static void CheckMethods(Identifier action, Subroutine sub, VclMethods methods, DiagnosticBag diagnostics)
    {
        foreach (var method in Enum.GetValues<VclMethods>().Where(m => int.PopCount((int)m) == 1 && methods.HasFlag(m)))
        {
            if (!ReturnTable.LegalIn(method).Contains(action.Text))
            {
                var from = sub.Method == method ? "" : $", from where `{sub.Name}` is called";
                diagnostics.Error("vcl/return", action.Span,
                    $"`return ({action})` is not possible in `{VclMethodNames.NameOf(method)}`{from}",
                    $"possible are {List(ReturnTable.LegalIn(method))}");
            }
        }
    }

    private static string Count(int least, int most) => (least, most) switch
    {
        (0, 0) => "no arguments",
        _ when least == most => $"{least} argument{(least == 1 ? "" : "s")}",
        _ => $"{least} to {most} arguments",
    };

    private static string List(IReadOnlyList<string> actions) => string.Join(", ", actions.Select(a => $"`{a}`"));
}
