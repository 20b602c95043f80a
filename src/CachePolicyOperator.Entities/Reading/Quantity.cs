using System.Globalization;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>A quantity of Kubernetes: a number and a unit (<c>256Mi</c>, <c>500m</c>, <c>2</c>).</summary>
internal static class Quantity
{
    private static readonly (string Unit, decimal Factor)[] Units =
    [
        ("Ki", 1L << 10), ("Mi", 1L << 20), ("Gi", 1L << 30), ("Ti", 1L << 40),
        ("m", 0.001m), ("k", 1_000), ("M", 1_000_000), ("G", 1_000_000_000), ("T", 1_000_000_000_000),
    ];

    /// <summary>How much it is; null where the text is no such quantity, or too much to be one of a pod.</summary>
    public static decimal? Of(string text, NumberStyles digits)
    {
        var (unit, factor) = Array.Find(Units, u => text.EndsWith(u.Unit, StringComparison.Ordinal));
        return decimal.TryParse(text[..^(unit?.Length ?? 0)], digits, CultureInfo.InvariantCulture, out var number)
            && number <= 1L << 50
                ? number * (unit is null ? 1 : factor)
                : null;
    }
}
