using System.Collections.Concurrent;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>Sets of response statuses, as languages of their digits: three, or more where a VCL says so.</summary>
internal static class Statuses
{
    private const long MostOfVcl = 65_535;

    private static readonly ConcurrentDictionary<long, Language> Thresholds = [];

    /// <summary>What varnishd gives no lifetime, whatever the origin says: stored only where a VCL sets one.</summary>
    public static Language NeverByDefault { get; } =
        Of(303, 400, 401, 403, 405, 406, 408, 413, 416, 429, 431, 500, 501, 502, 503, 504);

    /// <summary>What varnishd may store, and DESIGN does not list.</summary>
    public static Language Unlisted { get; } = Of(203, 204, 300, 302, 307, 414);

    /// <summary>The statuses of which the comparison holds.</summary>
    public static Language That(ComparisonOperator comparison, long number) => comparison switch
    {
        ComparisonOperator.Equal => Language.Literal(number.ToString()),
        ComparisonOperator.NotEqual => Language.Literal(number.ToString()).Complement(),
        ComparisonOperator.GreaterOrEqual => AtLeast(number),
        ComparisonOperator.Greater => AtLeast(number + 1),
        ComparisonOperator.Less => AtLeast(number).Complement(),
        _ => AtLeast(number + 1).Complement(),
    };

    // A VCL may set more than an origin may send: of 1200, clients see 200.
    private static Language AtLeast(long number) => number switch
    {
        < 100 => Language.All,
        > MostOfVcl => Language.Empty,
        _ => Thresholds.GetOrAdd(number, MakeAtLeast),
    };

    private static Language MakeAtLeast(long number)
    {
        var budget = Budget.ForPattern();
        var digits = number.ToString();
        var longer = Language.Concat([From('1'), .. digits.Select(_ => From('0')), From('0').Star(budget)], budget);
        return Language.Union(
            digits.Select((digit, i) => Language.Concat(
                [Language.Literal(digits[..i]), From(digit, i < digits.Length - 1 ? 1 : 0), .. digits.Skip(i + 1)
                    .Select(_ => From('0'))], budget)).Append(longer),
            budget);
    }

    private static Language From(char digit, int above = 0) =>
        digit + above > '9' ? Language.Empty : Language.OneOf(ByteSet.Range((byte)(digit + above), (byte)'9'));

    private static Language Of(params int[] statuses) =>
        Language.Union(statuses.Select(s => Language.Literal(s.ToString())), Budget.ForPattern());
}
