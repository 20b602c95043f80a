using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Oracle.Shrink;

/// <summary>
/// Makes every VCL that is one step smaller than another: without a statement, with a branch in place of its <c>if</c>,
/// with a part of a condition.
/// </summary>
internal static class VclReducer
{
    public static IEnumerable<string> Smaller(string vcl)
    {
        var parse = VclParser.Parse("shrink.vcl", vcl);
        if (parse.HasErrors)
        {
            yield break;
        }

        var declarations = parse.File.Declarations.Items;
        for (var i = 0; i < declarations.Length; i++)
        {
            if (declarations[i] is not (SubDeclaration or AclDeclaration or ImportDeclaration or ProbeDeclaration))
            {
                continue;
            }

            yield return Print(parse.File, declarations.RemoveAt(i));
            if (declarations[i] is SubDeclaration sub)
            {
                yield return Print(parse.File,
                    declarations.RemoveAt(i)
                    .Select(d => d is SubDeclaration s ? s with { Body = Uncalling(s.Body, sub.Name) } : d));
                foreach (var body in Smaller(sub.Body))
                {
                    yield return Print(parse.File, declarations.SetItem(i, sub with { Body = body }));
                }
            }
        }
    }

    private static string Print(VclFile file, IEnumerable<Declaration> declarations) =>
        CanonicalPrinter.Print(file with { Declarations = declarations.ToEquatableList() }).Text;

    private static Block Uncalling(Block block, Identifier sub) => block with
    {
        Statements = block.Statements.Items
            .Where(s => s is not CallStatement { Target: SymbolReference called } || !sub.Is(called.Name))
            .Select(s => s switch
            {
                Block inner => Uncalling(inner, sub),
                IfStatement branching => branching with
                {
                    Branches = branching.Branches.Items.Select(b => b with { Body = Uncalling(b.Body, sub) })
                        .ToEquatableList(),
                    Else = branching.Else is { } otherwise ? Uncalling(otherwise, sub) : null,
                },
                _ => s,
            })
            .ToEquatableList(),
    };

    private static IEnumerable<Block> Smaller(Block block)
    {
        var statements = block.Statements.Items;
        for (var i = 0; i < statements.Length; i++)
        {
            yield return block with { Statements = statements.RemoveAt(i).ToEquatableList() };
            foreach (var instead in Smaller(statements[i]))
            {
                yield return block with
                {
                    Statements = statements.RemoveAt(i).InsertRange(i, instead)
                    .ToEquatableList()
                };
            }
        }
    }

    /// <summary>Statements that may stand in place of one.</summary>
    private static IEnumerable<IEnumerable<Statement>> Smaller(Statement statement)
    {
        switch (statement)
        {
            case Block block:
                yield return block.Statements.Items;
                foreach (var smaller in Smaller(block))
                {
                    yield return [smaller];
                }

                break;
            case IfStatement branching:
                foreach (var smaller in Smaller(branching))
                {
                    yield return smaller;
                }

                break;
        }
    }

    private static IEnumerable<IEnumerable<Statement>> Smaller(IfStatement branching)
    {
        var branches = branching.Branches.Items;
        if (branching.Else is { } otherwise)
        {
            yield return otherwise.Statements.Items;
            yield return [branching with { Else = null }];
            foreach (var smaller in Smaller(otherwise))
            {
                yield return [branching with { Else = smaller }];
            }
        }

        for (var i = 0; i < branches.Length; i++)
        {
            yield return branches[i].Body.Statements.Items;
            if (branches.Length > 1)
            {
                yield return [branching with { Branches = branches.RemoveAt(i).ToEquatableList() }];
            }

            foreach (var body in Smaller(branches[i].Body))
            {
                yield return [
                    branching with { Branches = branches.SetItem(i, branches[i] with { Body = body })
                    .ToEquatableList() }];
            }

            foreach (var condition in Smaller(branches[i].Condition))
            {
                yield return [
                    branching with { Branches = branches.SetItem(i, branches[i] with { Condition = condition })
                    .ToEquatableList() }];
            }
        }
    }

    private static IEnumerable<Expression> Smaller(Expression condition) => condition switch
    {
        OrExpression or => or.Operands.Items,
        AndExpression and => and.Operands.Items,
        NotExpression not => Smaller(not.Operand).Select(o => not with { Operand = o }).Prepend(not.Operand),
        _ => [],
    };
}
