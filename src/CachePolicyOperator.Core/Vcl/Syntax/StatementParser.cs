using static CachePolicyOperator.Core.Vcl.Syntax.TokenKind;

namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>Reads the bodies of subroutines. After a mistake it goes on with the next statement.</summary>
internal sealed class StatementParser(TokenCursor cursor)
{
    private readonly ExpressionParser _expressions = new(cursor);
    private readonly OperandParser _operands = new(cursor);

    public Block? ParseBlock(string what)
    {
        var open = cursor.Current;
        if (!cursor.Expect(OpenBrace, what))
        {
            return null;
        }

        if (!cursor.TryDescend())
        {
            return null;
        }

        var statements = new List<Statement>();
        while (!cursor.Is(CloseBrace) && !cursor.AtEnd && !Recovery.AtDeclaration(cursor))
        {
            var first = cursor.Current;
            if (ParseStatement() is { } statement)
            {
                statements.Add(statement);
            }
            else
            {
                Recovery.SkipStatement(cursor, first);
            }
        }

        cursor.Ascend();
        if (!cursor.TryTake(CloseBrace))
        {
            cursor.Error("vcl/unclosed-block", open.Span, "the block has no end", "end it with `}`");
        }

        return new Block(cursor.From(open), statements.ToEquatableList());
    }

    private Statement? ParseStatement()
    {
        var first = cursor.Current;
        switch (first.Kind)
        {
            case OpenBrace:
                return ParseBlock("of a block");
            case TokenKind.InlineC:
                cursor.Next();
                return new InlineCStatement(first.Span, first.Text[2..^2]);
            case TokenKind.Identifier:
                return cursor.Peek().Kind == Dot ? ParseCall(first) : ParseAction(first);
            default:
                cursor.Unexpected("expected a statement or `}`");
                return null;
        }
    }

    // The actions are symbols to varnishd, and symbols have no case: `SET`, `If` and `RETURN` work.
    private Statement? ParseAction(Token first) => first.Text.ToLowerInvariant() switch
    {
        "if" => ParseIf(first),
        "set" => ParseSet(first),
        "unset" => ParseUnset(first),
        "call" => ParseCallSub(first),
        "return" => ParseReturn(first),
        "new" => ParseNew(first),
        "hash_data" => ParseOne(first, (span, value) => new HashDataStatement(span, value)),
        "synthetic" => ParseOne(first, (span, value) => new SyntheticStatement(span, value)),
        "ban" => ParseOne(first, (span, value) => new BanStatement(span, value)),
        var word => ParseUnknownAction(first, word),
    };

    private ExpressionStatement? ParseUnknownAction(Token first, string word)
    {
        var help = word switch
        {
            "else" or "elseif" or "elsif" or "elif" => "it belongs right after the `}` of an `if`, in lower case",
            "remove" => "write `unset`",
            "error" => "write `return (synth(…));`",
            "esi" => "write `set beresp.do_esi = true;`",
            "purge" => "write `return (purge);`",
            "include" or "import" or "acl" or "backend" or "probe" or "sub" => "it stands outside of subroutines",
            _ => null,
        };
        if (help is null && cursor.Peek().Kind == OpenParenthesis)
        {
            return ParseCall(first);
        }

        cursor.Error("vcl/unknown-action", first.Span, $"`{first.Text}` is no statement", help);
        return null;
    }

    private IfStatement? ParseIf(Token first)
    {
        cursor.Next();
        var branches = new List<IfBranch>();
        Block? otherwise = null;
        if (!AddBranch(first, branches))
        {
            return null;
        }

        while (otherwise is null)
        {
            var next = cursor.Current;
            if (next.IsWord("else") && cursor.Peek().Kind == OpenBrace)
            {
                cursor.Next();
                otherwise = ParseBlock("after `else`");
            }
            else if (TakeElseIf())
            {
                if (!AddBranch(next, branches))
                {
                    return null;
                }
            }
            else if (next.IsWord("else"))
            {
                cursor.Next();
                cursor.Unexpected("expected `if` or `{` after `else`");
                return null;
            }
            else
            {
                break;
            }
        }

        return new IfStatement(cursor.From(first), branches.ToEquatableList(), otherwise);
    }

    // Unlike `if` at the beginning of a statement, these have a case.
    private bool TakeElseIf()
    {
        var current = cursor.Current;
        if (current.IsWord("elseif") || current.IsWord("elsif") || current.IsWord("elif"))
        {
            cursor.Next();
            return true;
        }

        if (!current.IsWord("else") || !cursor.Peek().IsWord("if"))
        {
            return false;
        }

        cursor.Next();
        cursor.Next();
        return true;
    }

    private bool AddBranch(Token first, List<IfBranch> branches)
    {
        if (!cursor.Expect(OpenParenthesis, "before the condition") ||
            _expressions.Parse() is not { } condition ||
            !cursor.Expect(CloseParenthesis, "after the condition") ||
            ParseBlock("after the condition") is not { } body)
        {
            return false;
        }

        branches.Add(new IfBranch(cursor.From(first), condition, body));
        return true;
    }

    private SetStatement? ParseSet(Token first)
    {
        cursor.Next();
        if (ExpectVariable() is not { } target)
        {
            return null;
        }

        AssignmentOperator? assignment = cursor.Current.Kind switch
        {
            Assign => AssignmentOperator.Assign,
            PlusAssign => AssignmentOperator.Add,
            MinusAssign => AssignmentOperator.Subtract,
            StarAssign => AssignmentOperator.Multiply,
            SlashAssign => AssignmentOperator.Divide,
            _ => null,
        };
        if (assignment is null)
        {
            cursor.Unexpected("expected `=` or another assignment");
            return null;
        }

        cursor.Next();
        return _expressions.Parse() is { } value && ExpectSemicolon()
            ? new SetStatement(cursor.From(first), target, assignment.Value, value)
            : null;
    }

    private UnsetStatement? ParseUnset(Token first)
    {
        cursor.Next();
        return ExpectVariable() is { } target && ExpectSemicolon()
            ? new UnsetStatement(cursor.From(first), target)
            : null;
    }

    private Variable? ExpectVariable()
    {
        var first = cursor.Current;
        if (first.Kind != TokenKind.Identifier)
        {
            cursor.Unexpected("expected a variable");
            return null;
        }

        if (_operands.ReadVariable() is not { } variable)
        {
            cursor.Error("vcl/unknown-variable", first.Span, $"`{first.Text}` is no variable");
            return null;
        }

        if (cursor.Is(Dot))
        {
            cursor.Error(
                "vcl/unknown-variable", cursor.From(first), $"`{variable.Span.Text}` has no part that can be set");
            return null;
        }

        return variable;
    }

    private CallStatement? ParseCallSub(Token first)
    {
        cursor.Next();
        if (!cursor.Is(TokenKind.Identifier))
        {
            cursor.Unexpected("expected the name of a subroutine");
            return null;
        }

        return _expressions.Parse() is { } target && ExpectSemicolon()
            ? new CallStatement(cursor.From(first), target)
            : null;
    }

    private ReturnStatement? ParseReturn(Token first)
    {
        cursor.Next();
        if (cursor.TryTake(Semicolon))
        {
            return new ReturnStatement(cursor.From(first), null, []);
        }

        if (!cursor.Expect(OpenParenthesis, "after `return`") || !cursor.ExpectName("an action", out var action))
        {
            return null;
        }

        var arguments = new List<Expression>();
        if (cursor.TryTake(OpenParenthesis))
        {
            do
            {
                if (_expressions.Parse() is not { } argument)
                {
                    return null;
                }

                arguments.Add(argument);
            }
            while (cursor.TryTake(Comma));

            if (!cursor.Expect(CloseParenthesis, $"after the arguments of `{action.Text}`"))
            {
                return null;
            }
        }

        return cursor.Expect(CloseParenthesis, $"after `{action.Text}`") && ExpectSemicolon()
            ? new ReturnStatement(cursor.From(first), action, arguments.ToEquatableList())
            : null;
    }

    private NewStatement? ParseNew(Token first)
    {
        cursor.Next();
        if (!cursor.ExpectName("an object", out var name) || !cursor.Expect(Assign, "after the name of the object"))
        {
            return null;
        }

        var constructor = cursor.Current;
        if (!cursor.Is(TokenKind.Identifier) || _operands.Parse(_expressions.Parse) is not FunctionCall call)
        {
            cursor.Error(
                "vcl/syntax", constructor.Span, "expected an object of a vmod", "write `new x = vmod.object(…);`");
            return null;
        }

        return ExpectSemicolon() ? new NewStatement(cursor.From(first), name, call) : null;
    }

    private Statement? ParseOne(Token first, Func<SourceSpan, Expression, Statement> make)
    {
        cursor.Next();
        return cursor.Expect(OpenParenthesis, $"after `{first.Text}`") &&
            _expressions.Parse() is { } value &&
            cursor.Expect(CloseParenthesis, $"after the argument of `{first.Text}`") &&
            ExpectSemicolon()
            ? make(cursor.From(first), value)
            : null;
    }

    private ExpressionStatement? ParseCall(Token first)
    {
        if (_operands.Parse(_expressions.Parse) is not { } call)
        {
            return null;
        }

        if (call is not (FunctionCall or MethodCall))
        {
            cursor.Error("vcl/unknown-action", cursor.From(first), $"`{call.Span.Text}` is no statement",
                call is Variable ? "write `set` or `unset` before it" : null);
            return null;
        }

        return ExpectSemicolon() ? new ExpressionStatement(cursor.From(first), call) : null;
    }

    private bool ExpectSemicolon()
    {
        if (cursor.TryTake(Semicolon))
        {
            return true;
        }

        // The mistake is at the end of the line before, not at the word that happens to follow.
        if (cursor.Current.Kind is TokenKind.Identifier or CloseBrace or EndOfFile)
        {
            var end = cursor.Previous.Span;
            cursor.Error("vcl/missing-semicolon", end with { Start = end.End - 1 }, "the statement has no end",
                "end it with `;`");
            return false;
        }

        cursor.Unexpected("expected `;` after the statement");
        return false;
    }
}
