using static CachePolicyOperator.Core.Vcl.Syntax.TokenKind;

namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>Reads backends and probes.</summary>
internal sealed class BackendParser(TokenCursor cursor)
{
    private readonly LiteralParser _literals = new(cursor);

    public BackendDeclaration? ParseBackend()
    {
        var first = cursor.Next();
        if (!cursor.ExpectName("the backend", out var name))
        {
            return null;
        }

        if (cursor.Current.IsWord("none") || cursor.Current.IsWord("None"))
        {
            cursor.Next();
            return cursor.Expect(Semicolon, "after `none`")
                ? new BackendDeclaration(cursor.From(first), name, true, [])
                : null;
        }

        return ParseProperties("after the name of the backend") is { } properties
            ? new BackendDeclaration(cursor.From(first), name, false, properties)
            : null;
    }

    public ProbeDeclaration? ParseProbe()
    {
        var first = cursor.Next();
        return cursor.ExpectName("the probe", out var name)
            && ParseProperties("after the name of the probe") is { } properties
            ? new ProbeDeclaration(cursor.From(first), name, properties)
            : null;
    }

    private EquatableList<BackendProperty>? ParseProperties(string after)
    {
        if (!cursor.Expect(OpenBrace, after))
        {
            return null;
        }

        var properties = new List<BackendProperty>();
        while (!cursor.TryTake(CloseBrace))
        {
            if (ParseProperty() is not { } property)
            {
                return null;
            }

            properties.Add(property);
        }

        return properties.ToEquatableList();
    }

    private BackendProperty? ParseProperty()
    {
        var first = cursor.Current;
        if (!cursor.Expect(Dot, "before the name of a property") || !cursor.ExpectName("a property", out var name) ||
            !cursor.Expect(Assign, $"after `.{name.Text}`"))
        {
            return null;
        }

        if (cursor.Is(OpenBrace))
        {
            // An inline probe nests no deeper: a probe has no property that would.
            if (!cursor.TryDescend())
            {
                return null;
            }

            var nested = ParseProperties($"after `.{name.Text}`");
            cursor.Ascend();
            return nested is null ? null : new BackendProperty(cursor.From(first), name.Text, [], nested);
        }

        return ParseValues() is { } values && cursor.Expect(Semicolon, $"after the value of `.{name.Text}`")
            ? new BackendProperty(cursor.From(first), name.Text, values, null)
            : null;
    }

    // Only the lines of a probe's `.request` are several strings side by side.
    private EquatableList<Expression>? ParseValues()
    {
        if (cursor.Is(TokenKind.Identifier))
        {
            var token = cursor.Next();
            return [new SymbolReference(token.Span, token.Text)];
        }

        var values = new List<Expression>();
        do
        {
            if (_literals.Parse(negative: false) is not { } value)
            {
                return null;
            }

            values.Add(value);
        }
        while (StringTokens.IsString(cursor.Current));

        return values.ToEquatableList();
    }
}
