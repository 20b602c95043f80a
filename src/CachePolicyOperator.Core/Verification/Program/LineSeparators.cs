using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Verification.Program;

/// <summary>What a VCL puts between the lines of a header field where it makes one of them (<c>std.collect</c>).</summary>
internal sealed class LineSeparators
{
    private const string OfCookies = "; ";
    private const string Standard = ", ";

    private readonly ILookup<string, string?> _used;

    public LineSeparators(IEnumerable<Statement> statements, VmodCalls vmods) => _used = statements
        .OfType<ExpressionStatement>().Select(s => s.Call).OfType<FunctionCall>().Where(c => vmods.IsStd(c, "collect"))
        .Where(c => FieldIn(c) is not null)
        .ToLookup(c => FieldIn(c)!.Header!.ToLowerInvariant(), Written);

    /// <summary>
    /// The separator; null where it is not one literal everywhere, or is none between cookies. Of a field that is never
    /// collected, the one that a client would join its lines by.
    /// </summary>
    public string? Of(string field)
    {
        string?[] used = [.. _used[field].Distinct()];
        return used switch
        {
            [] => field == RequestFields.Cookie ? OfCookies : Standard,
            _ when used.Contains(null) => null,
            _ when field != RequestFields.Cookie => used[0],
            // Behind any other, what a line begins with is no cookie any more, or not to everybody.
            _ => used.All(s => EndsWith(s!, ';')) || used.All(s => EndsWith(s!, ',')) ? used[0] : null,
        };
    }

    /// <summary>Whether what a later line of cookies begins with stands behind a comma.</summary>
    public bool CookiesStandBehindCommas => Of(RequestFields.Cookie) is { } separator && EndsWith(separator, ',');

    /// <summary>The field whose lines a call joins; null where that cannot be told.</summary>
    public static Variable? FieldIn(FunctionCall call) =>
        call.Arguments is [{ Name: null or "hdr", Value: Variable { Header: not null } field }, ..] ? field : null;

    // Named arguments may come in any order.
    private static string? Written(FunctionCall call) => call.Arguments.Count < 2
        ? Standard
        : (call.Arguments[1].Value as StringLiteral)?.Value;

    private static bool EndsWith(string separator, char mark) => separator.TrimEnd(' ', '\t').EndsWith(mark);
}
