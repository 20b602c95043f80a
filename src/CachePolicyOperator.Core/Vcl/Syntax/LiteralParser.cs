using System.Globalization;
using static CachePolicyOperator.Core.Vcl.Syntax.TokenKind;

namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>Reads strings, numbers with and without a unit, and blobs.</summary>
internal sealed class LiteralParser(TokenCursor cursor)
{
    public Literal? Parse(bool negative)
    {
        switch (cursor.Current.Kind)
        {
            case QuotedString or BracedString or TripleQuotedString:
                return StringTokens.LiteralOf(cursor.Next());
            case WholeNumber or RealNumber:
                return ParseNumber(negative);
            case Blob:
                var blob = cursor.Next();
                return new BlobLiteral(blob.Span, blob.Text[1..^1]);
            default:
                cursor.Unexpected("expected a value");
                return null;
        }
    }

    private Literal? ParseNumber(bool negative)
    {
        var number = cursor.Next();
        if (!decimal.TryParse(number.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out var amount))
        {
            return null; // too many digits, which the lexer has reported
        }

        amount = negative ? -amount : amount;
        if (cursor.Is(TokenKind.Identifier))
        {
            return ParseUnit(number, amount);
        }

        return number.Kind == RealNumber
            ? new RealLiteral(number.Span, amount)
            : new IntegerLiteral(number.Span, (long)decimal.Clamp(amount, long.MinValue, long.MaxValue));
    }

    private Literal? ParseUnit(Token number, decimal amount)
    {
        var unit = cursor.Current.Text;
        if (Units.IsDuration(unit))
        {
            cursor.Next();
            return new DurationLiteral(cursor.From(number), amount, unit);
        }

        if (Units.IsBytes(unit))
        {
            cursor.Next();
            return new BytesLiteral(cursor.From(number), amount, unit);
        }

        cursor.Unexpected("expected a unit after the number",
            "durations are in `ms`, `s`, `m`, `h`, `d`, `w` or `y`, sizes in `B`, `KB`, `MB`, `GB` or `TB`");
        return null;
    }
}
