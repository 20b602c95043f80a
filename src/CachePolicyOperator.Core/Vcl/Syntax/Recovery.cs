using static CachePolicyOperator.Core.Vcl.Syntax.TokenKind;

namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>
/// Finds the place where reading may go on after a mistake. Always moves forward, or stops at a closing brace or the
/// end.
/// </summary>
internal static class Recovery
{
    /// <summary>To after the next <c>;</c>, or after the next <c>{ … }</c>, or before what ends the block.</summary>
    /// <param name="first">Where the broken statement begins.</param>
    public static void SkipStatement(TokenCursor cursor, Token first)
    {
        if (cursor.Current != first && cursor.Previous.Kind == Semicolon)
        {
            return; // the mistake was only found behind the end of its statement
        }

        var depth = 0;
        while (!cursor.AtEnd && !AtDeclaration(cursor))
        {
            switch (cursor.Current.Kind)
            {
                case CloseBrace when depth == 0:
                    return;
                case OpenBrace:
                    depth++;
                    break;
                case CloseBrace when --depth == 0:
                    cursor.Next();
                    return;
                case Semicolon when depth == 0:
                    cursor.Next();
                    return;
            }

            cursor.Next();
        }
    }

    /// <summary>To before the next declaration.</summary>
    public static void SkipToDeclaration(TokenCursor cursor)
    {
        while (!cursor.AtEnd && !AtDeclaration(cursor) && !AtDirective(cursor))
        {
            cursor.Next();
        }
    }

    /// <summary>
    /// Whether a declaration begins here that cannot stand in a block, so that one who meets it in a block has missed a
    /// closing brace.
    /// </summary>
    public static bool AtDeclaration(TokenCursor cursor) =>
        cursor.Peek().Kind == TokenKind.Identifier &&
        (((cursor.Current.IsWord("sub") || cursor.Current.IsWord("backend") || cursor.Current.IsWord("probe")) &&
            cursor.Peek(2).Kind == OpenBrace) ||
        (cursor.Current.IsWord("acl") && cursor.Peek(2).Kind is OpenBrace or Plus or Minus));

    private static bool AtDirective(TokenCursor cursor) =>
        (cursor.Current.IsWord("import") || cursor.Current.IsWord("backend"))
        && cursor.Peek().Kind == TokenKind.Identifier ||
        (cursor.Current.IsWord("vcl") && cursor.Peek().Kind == RealNumber) || cursor.Is(TokenKind.InlineC);
}
