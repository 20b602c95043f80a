using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Vcl.Variables;

namespace CachePolicyOperator.Core.Vcl.Semantics;

/// <summary>
/// Variables that do not exist, or may not be read, set or unset where that may happen; actions in the wrong place.
/// </summary>
internal sealed class UsageCheck : IProgramCheck
{
    private enum Use
    {
        Read,
        Write,
        Unset,
    }

    public void Run(VclProgram program, DiagnosticBag diagnostics)
    {
        var methods = new CallGraph(program).Methods();
        foreach (var sub in program.Subroutines)
        {
            foreach (var statement in sub.Statements)
            {
                CheckAction(statement, sub, methods[sub], diagnostics);
                foreach (var (variable, use) in UsesIn(statement))
                {
                    CheckVariable(program, variable, use, sub, methods[sub], diagnostics);
                }
            }
        }
    }

    private static IEnumerable<(Variable Variable, Use Use)> UsesIn(Statement statement)
    {
        var target = statement switch
        {
            SetStatement set => set.Target,
            UnsetStatement unset => unset.Target,
            _ => null,
        };
        if (target is not null)
        {
            yield return (target, statement is SetStatement ? Use.Write : Use.Unset);
        }

        var read =
            from expression in statement.Expressions()
            where !ReferenceEquals(expression, target)
            from variable in expression.WithNested().OfType<Variable>()
            select variable;
        foreach (var variable in read)
        {
            yield return (variable, Use.Read);
        }
    }

    private static void CheckAction(Statement statement, Subroutine sub, VclMethods methods, DiagnosticBag diagnostics)
    {
        var (word, allowed) = statement switch
        {
            HashDataStatement => ("hash_data", VclMethods.Hash),
            SyntheticStatement => ("synthetic", VclMethods.Synth | VclMethods.BackendError),
            NewStatement => ("new", VclMethods.Init),
            _ => ("", VclMethods.All),
        };
        if ((methods & ~allowed) is var wrong and not VclMethods.None)
        {
            diagnostics.Error("vcl/action-place", statement.Span,
                $"`{word}` is not possible in {VclMethodNames.Describe(wrong)}{CalledFrom(sub, wrong)}",
                $"it belongs in {VclMethodNames.Describe(allowed)}");
        }
    }

    private static void CheckVariable(
        VclProgram program, Variable variable, Use use, Subroutine sub, VclMethods methods, DiagnosticBag diagnostics)
    {
        if (program.FindVariable(variable) is not { } fact)
        {
            ReportUnknown(program, variable, diagnostics);
            return;
        }

        CheckHeaderName(program, variable, diagnostics);
        var (allowed, verb) = use switch
        {
            Use.Write => (fact.Write, "set"),
            Use.Unset => (fact.Unset, "unset"),
            _ => (fact.Read, "read"),
        };
        if (allowed == VclMethods.None)
        {
            diagnostics.Error("vcl/variable-use", variable.Span, $"`{variable.Span.Text}` cannot be {verb}",
                fact.Write == VclMethods.None && fact.Read != VclMethods.None ? "it can only be read" : null);
        }
        else if ((methods & ~allowed) is var wrong and not VclMethods.None)
        {
            diagnostics.Error("vcl/variable-use", variable.Span,
                $"`{variable.Span.Text}` cannot be {verb} in {VclMethodNames.Describe(wrong)}{CalledFrom(sub, wrong)}",
                $"possible in {VclMethodNames.Describe(allowed)}");
        }
    }

    private static void ReportUnknown(VclProgram program, Variable variable, DiagnosticBag diagnostics)
    {
        var help = program.Variables.FindAnySyntax(variable.Name) is [var other, ..]
            ? $"it exists in `vcl {(other.Only40 ? "4.0" : "4.1")}` only"
            : variable.Name.Contains('-') && variable.Header is null
                ? "`-` is part of a name: write spaces around a minus"
                : Suggestion.DidYouMean(variable.Name, program.Variables.Names);
        diagnostics.Error("vcl/unknown-variable", variable.Span, $"there is no variable `{variable.Span.Text}`", help);
    }

    private static void CheckHeaderName(VclProgram program, Variable variable, DiagnosticBag diagnostics)
    {
        if (variable.Header is not { } header)
        {
            return;
        }

        if (header.Length is 0 or > 126)
        {
            diagnostics.Error("vcl/header-name", variable.Span, $"the header's name has {header.Length} bytes",
                "it may have 1 to 126");
        }
        else if (!header.All(IsTokenCharacter))
        {
            diagnostics.Error("vcl/header-name", variable.Span, $"`{header}` is no name of a header",
                "letters, digits and !#$%&'*+-.^_`|~ are possible");
        }
        else if (program.Syntax < VclVersion.V41 && variable.Span.Text.Contains('"'))
        {
            diagnostics.Error("vcl/header-name", variable.Span, "names of headers in quotes need `vcl 4.1`");
        }
    }

    private static bool IsTokenCharacter(char c) => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c);

    private static string CalledFrom(Subroutine sub, VclMethods wrong) =>
        sub.Method == wrong ? "" : $", from where `{sub.Name}` is called";
}
