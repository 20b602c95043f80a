using System.Buffers.Text;

namespace CachePolicyOperator.Agent.SharedLog;

/// <summary>Reads the numbers of log records without allocating. Whatever is no number reads as zero.</summary>
internal static class LogNumber
{
    /// <summary>The digits at the start: <c>32789 0.299 …</c> is 32789.</summary>
    public static ulong Leading(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out ulong value, out _) ? value : 0;

    /// <summary>
    /// Seconds since 1970 with a fraction, exact to the microsecond: <c>1795360558.126689 0.04 …</c>.
    /// </summary>
    public static DateTimeOffset Time(ReadOnlySpan<byte> text)
    {
        if (!Utf8Parser.TryParse(text, out long seconds, out var used) || seconds is < 0 or > 100_000_000_000)
        {
            return DateTimeOffset.UnixEpoch;
        }

        long ticks = 0;
        if (used < text.Length && text[used] == '.')
        {
            var scale = TimeSpan.TicksPerSecond / 10;
            for (var i = used + 1; i < text.Length && scale > 0 && char.IsAsciiDigit((char)text[i]); i++, scale /= 10)
            {
                ticks += (text[i] - '0') * scale;
            }
        }

        return DateTimeOffset.UnixEpoch.AddTicks((seconds * TimeSpan.TicksPerSecond) + ticks);
    }

    /// <summary>Cuts the first word off and returns it.</summary>
    public static ReadOnlySpan<byte> Word(ref ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)' ');
        var word = end < 0 ? text : text[..end];
        text = end < 0 ? default : text[(end + 1)..];
        return word;
    }
}
