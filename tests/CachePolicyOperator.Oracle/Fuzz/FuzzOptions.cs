using System.Globalization;

namespace CachePolicyOperator.Oracle.Fuzz;

/// <summary>How much is tried, and from which seed on.</summary>
/// <param name="Count">At least so many decisions.</param>
/// <param name="OfVcl">So many requests for each VCL.</param>
/// <param name="Only">One VCL alone, by its number: to see a disagreement again.</param>
/// <param name="Golden">Where a shrunken disagreement is written; null writes none.</param>
/// <param name="Fixtures">Directories with VCL to mutate.</param>
internal sealed record FuzzOptions(
    long Count, ulong Seed, int OfVcl, int Workers, int? Only, string? Golden, IReadOnlyList<string> Fixtures)
{
    /// <summary>Whether every VCL is what a policy becomes.</summary>
    public bool PoliciesOnly { get; init; }

    public const string Help =
        """
        usage: oracle [--count N] [--seed S] [--requests N-of-a-VCL] [--workers N] [--only VCL-number] [--golden DIR] [--fixtures DIR]... [--of all|policies]
        Compares what real varnishd does with random requests under random VCL with what the proof considers possible.
        Exits with 1 where varnishd does what the proof considers impossible.
        """;

    public static FuzzOptions? Parse(string[] args)
    {
        var options = new FuzzOptions(10_000, 1, 800, 2, null, null, []);
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            var value = args[i + 1];
            var isNumber = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            switch (args[i])
            {
                case "--count" when isNumber:
                    options = options with { Count = number };
                    break;
                case "--seed" when isNumber:
                    options = options with { Seed = (ulong)number };
                    break;
                case "--requests" when isNumber:
                    options = options with { OfVcl = (int)number };
                    break;
                case "--workers" when isNumber:
                    options = options with { Workers = (int)number };
                    break;
                case "--only" when isNumber:
                    options = options with { Only = (int)number };
                    break;
                case "--golden":
                    options = options with { Golden = value };
                    break;
                case "--fixtures":
                    options = options with { Fixtures = [.. options.Fixtures, value] };
                    break;
                case "--of" when value is "all" or "policies":
                    options = options with { PoliciesOnly = value == "policies" };
                    break;
                default:
                    return null;
            }
        }

        return args.Length % 2 == 0 ? options : null;
    }
}
