namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>The units that may follow a number.</summary>
internal static class Units
{
    public static bool IsDuration(string unit) => unit is "ms" or "s" or "m" or "h" or "d" or "w" or "y";

    /// <summary>
    /// Any case, with or without the final <c>B</c>. A lone <c>m</c> is minutes unless bytes are asked for.
    /// </summary>
    public static bool IsBytes(string unit) => ExponentOf(unit) is not null;

    public static decimal SecondsIn(string unit) => unit switch
    {
        "ms" => 0.001m,
        "s" => 1m,
        "m" => 60m,
        "h" => 3600m,
        "d" => 86_400m,
        "w" => 604_800m,
        "y" => 31_536_000m,
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, "not a unit of duration"),
    };

    public static decimal BytesIn(string unit) =>
        ExponentOf(unit) is int exponent
            ? 1L << exponent
            : throw new ArgumentOutOfRangeException(nameof(unit), unit, "not a unit of size");

    private static int? ExponentOf(string unit) => unit.ToUpperInvariant() switch
    {
        "B" => 0,
        "K" or "KB" => 10,
        "M" or "MB" => 20,
        "G" or "GB" => 30,
        "T" or "TB" => 40,
        "P" or "PB" => 50,
        _ => null,
    };
}
