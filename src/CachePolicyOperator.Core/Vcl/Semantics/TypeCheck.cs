using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Vcl.Variables;

namespace CachePolicyOperator.Core.Vcl.Semantics;

/// <summary>Values that are not of the type that their place wants, and names that nothing has.</summary>
internal sealed class TypeCheck : IProgramCheck
{
    public void Run(VclProgram program, DiagnosticBag diagnostics)
    {
        var typer = new ExpressionTyper(program, diagnostics);
        foreach (var statement in program.Subroutines.Where(s => s.IsTouched).SelectMany(s => s.Statements))
        {
            Check(statement, typer, program, diagnostics);
        }
    }

    private static void Check(Statement statement, ExpressionTyper typer, VclProgram program, DiagnosticBag diagnostics)
    {
        switch (statement)
        {
            case IfStatement conditional:
                foreach (var branch in conditional.Branches)
                {
                    typer.Check(branch.Condition, VclType.Bool);
                }

                break;
            case SetStatement set:
                CheckSet(set, typer, program, diagnostics);
                break;
            case HashDataStatement or SyntheticStatement or BanStatement:
                typer.Check(statement.Expressions().Single(), VclType.Text);
                break;
            case CallStatement call:
                typer.Check(call.Target, VclType.Sub);
                break;
            case NewStatement made:
                CheckNew(made, typer, program, diagnostics);
                break;
            case ExpressionStatement expression:
                typer.TypeOf(expression.Call, VclType.Unknown);
                break;
            case ReturnStatement { Action: { } action } back:
                CheckReturn(action.Text, back.Arguments, typer);
                break;
        }
    }

    private static void CheckSet(SetStatement set, ExpressionTyper typer, VclProgram program, DiagnosticBag diagnostics)
    {
        var type = program.FindVariable(set.Target)?.Type ?? VclType.Unknown;
        if (TypeRules.Assigned(type, set.Operator) is { } wanted)
        {
            typer.Check(set.Value, wanted);
        }
        else
        {
            diagnostics.Error("vcl/type", set.Span, $"`{set.Target.Span.Text}` can only be set with `=`");
        }
    }

    private static void CheckNew(
        NewStatement made, ExpressionTyper typer, VclProgram program, DiagnosticBag diagnostics)
    {
        typer.TypeOf(made.Constructor, VclType.Unknown);
        var owner = made.Constructor.Key.Split('.')[0];
        if (program.FindSymbol(owner, SymbolKind.Vmod) is { Definition: ImportDeclaration import } &&
            VmodTable.Find(import.Vmod.Key + made.Constructor.Key[owner.Length..],
                program.Engine) is { IsObject: false })
        {
            diagnostics.Error("vcl/type", made.Constructor.Span, $"`{made.Constructor.Name}` makes no object");
        }
    }

    private static void CheckReturn(string action, EquatableList<Expression> arguments, ExpressionTyper typer)
    {
        VclType[] wanted = action switch
        {
            "synth" or "error" => [VclType.WholeNumber, VclType.Text],
            "pass" => [VclType.Duration],
            "fail" => [VclType.Text],
            _ => [],
        };
        foreach (var (argument, type) in arguments.Items.Zip(wanted))
        {
            typer.Check(argument, type);
        }
    }
}
