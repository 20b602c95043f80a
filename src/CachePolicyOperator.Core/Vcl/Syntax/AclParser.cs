using static CachePolicyOperator.Core.Vcl.Syntax.TokenKind;

namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>Reads lists of addresses.</summary>
internal sealed class AclParser(TokenCursor cursor)
{
    public AclDeclaration? Parse()
    {
        var first = cursor.Next();
        if (!cursor.ExpectName("the acl", out var name) || ParseFlags() is not { } flags ||
            !cursor.Expect(OpenBrace, "after the name of the acl"))
        {
            return null;
        }

        var entries = new List<AclEntry>();
        while (!cursor.Is(CloseBrace))
        {
            if (ParseEntry() is not { } entry)
            {
                return null;
            }

            entries.Add(entry);
        }

        cursor.Next();
        return new AclDeclaration(cursor.From(first), name, flags, entries.ToEquatableList());
    }

    private EquatableList<AclFlag>? ParseFlags()
    {
        var flags = new List<AclFlag>();
        while (cursor.Current.Kind is Plus or Minus)
        {
            var sign = cursor.Next();
            if (!cursor.Is(TokenKind.Identifier) || cursor.Current.Start != sign.End)
            {
                cursor.Unexpected("expected a flag right after the sign");
                return null;
            }

            var flag = cursor.Next();
            if (ParseFolding(flag) is not { } how)
            {
                return null;
            }

            flags.Add(new AclFlag(cursor.From(sign), sign.Kind == Plus, flag.Text + how));
            if (flag.Text is not ("log" or "pedantic" or "table" or "fold"))
            {
                cursor.Error("vcl/acl", flag.Span, $"`{flag.Text}` is no flag of an acl",
                    "there are `log`, `pedantic`, `table` and `fold`");
            }
        }

        return flags.ToEquatableList();
    }

    // `(-report)` behind `fold` says what is said of it.
    private string? ParseFolding(Token flag)
    {
        if (flag.Text != "fold" || !cursor.TryTake(OpenParenthesis))
        {
            return "";
        }

        var sign = cursor.Current;
        if (!cursor.TryTake(Minus) && !cursor.TryTake(Plus))
        {
            cursor.Unexpected("expected `-report` or `+report`");
            return null;
        }

        if (!cursor.Current.IsWord("report"))
        {
            cursor.Unexpected("expected `report`");
            return null;
        }

        cursor.Next();
        return cursor.Expect(CloseParenthesis, "after `report`") ? $"({(sign.Kind == Plus ? '+' : '-')}report)" : null;
    }

    private AclEntry? ParseEntry()
    {
        var first = cursor.Current;
        var negated = cursor.TryTake(Not);
        var optional = cursor.TryTake(OpenParenthesis);
        negated = negated || cursor.TryTake(Not);
        if (!StringTokens.IsString(cursor.Current))
        {
            cursor.Unexpected("expected an address in quotes, or `}`");
            return null;
        }

        var address = cursor.Next();
        var (host, mask) = SplitMask(StringTokens.ValueOf(address), address);
        if (cursor.TryTake(Slash))
        {
            if (mask is not null)
            {
                cursor.Error(
                    "vcl/acl", cursor.Previous.Span, "the mask is given twice", "write it once, after the quotes");
            }

            if (!cursor.Is(WholeNumber))
            {
                cursor.Unexpected("expected a mask after `/`");
                return null;
            }

            mask = ReadMask(cursor.Current.Text, cursor.Current);
            cursor.Next();
        }

        if (optional && !cursor.Expect(CloseParenthesis, "after the address"))
        {
            return null;
        }

        return cursor.Expect(Semicolon, "after the address")
            ? new AclEntry(cursor.From(first), negated, optional, host, mask)
            : null;
    }

    private (string Host, int? Mask) SplitMask(string address, Token token)
    {
        var slash = address.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? (address, null) : (address[..slash], ReadMask(address[(slash + 1)..], token));
    }

    private int ReadMask(string text, Token token)
    {
        if (int.TryParse(text, out var mask) && mask is >= 0 and <= 128)
        {
            return mask;
        }

        cursor.Error("vcl/acl", token.Span, $"`{text}` is no mask", "write a number of bits, at most 32 or 128");
        return 128;
    }
}
