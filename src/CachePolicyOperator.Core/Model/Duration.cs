using System.Buffers;
using System.Globalization;

namespace CachePolicyOperator.Core.Model;

/// <summary>
/// A span of time in whole milliseconds, written as Kubernetes and Go do: <c>250ms</c>, <c>1h30m</c>, <c>7d</c>.
/// </summary>
public readonly record struct Duration(long Milliseconds) : IComparable<Duration>
{
    private static readonly (string Unit, long Milliseconds)[] Units =
        [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000), ("w", 604_800_000)];

    private static readonly SearchValues<char> Number = SearchValues.Create("0123456789.");

    public static Duration Zero => default;

    public static Duration FromSeconds(long seconds) => new(checked(seconds * 1_000));

    public static bool operator <(Duration left, Duration right) => left.Milliseconds < right.Milliseconds;

    public static bool operator >(Duration left, Duration right) => left.Milliseconds > right.Milliseconds;

    public static bool operator <=(Duration left, Duration right) => left.Milliseconds <= right.Milliseconds;

    public static bool operator >=(Duration left, Duration right) => left.Milliseconds >= right.Milliseconds;

    /// <summary>
    /// Reads <paramref name="text"/>; false where it is no duration, is negative or exceeds 100 years.
    /// </summary>
    public static bool TryParse(string? text, out Duration duration)
    {
        duration = default;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        decimal total = 0;
        var rest = text.AsSpan();
        if (rest is "0")
        {
            return true;
        }

        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(Number);
            if (digits <= 0
                || !decimal.TryParse(
                    rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            rest = rest[digits..];
            var letters = rest.IndexOfAnyExceptInRange('a', 'z');
            var unit = (letters < 0 ? rest : rest[..letters]).ToString();
            var scale = Array.Find(Units, u => u.Unit == unit).Milliseconds;
            if (scale == 0 || number > 1_000_000_000_000m)
            {
                return false;
            }

            total += number * scale;
            rest = rest[unit.Length..];
        }

        if (total > 100m * 366 * 86_400_000)
        {
            return false;
        }

        duration = new Duration((long)total);
        return true;
    }

    public TimeSpan ToTimeSpan() => TimeSpan.FromMilliseconds(Milliseconds);

    public int CompareTo(Duration other) => Milliseconds.CompareTo(other.Milliseconds);

    /// <summary>The shortest exact form with one unit, which VCL also reads (<c>90m</c>, <c>1500ms</c>).</summary>
    public override string ToString()
    {
        if (Milliseconds == 0)
        {
            return "0s";
        }

        for (var i = Units.Length - 1; i > 0; i--)
        {
            if (Milliseconds % Units[i].Milliseconds == 0)
            {
                return $"{Milliseconds / Units[i].Milliseconds}{Units[i].Unit}";
            }
        }

        return $"{Milliseconds}ms";
    }
}
