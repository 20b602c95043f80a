using System.Text;

namespace CachePolicyOperator.Agent.SharedLog;

/// <summary>Reads a line of <c>Cache-Control</c> (RFC 9111 §5.2) as the log has it.</summary>
internal static class CacheControl
{
    private static ReadOnlySpan<byte> Name => "cache-control:"u8;

    public static bool IsIn(ReadOnlySpan<byte> line) =>
        line.Length > Name.Length && Ascii.EqualsIgnoreCase(line[..Name.Length], Name);

    /// <summary>
    /// Whether it has <c>no-store</c> or <c>private</c> of the whole response; with names of fields it is of those
    /// alone.
    /// </summary>
    public static bool Forbids(ReadOnlySpan<byte> line)
    {
        foreach (var range in line[Name.Length..].Split((byte)','))
        {
            var directive = line[Name.Length..][range].Trim(" \t"u8);
            if (Ascii.EqualsIgnoreCase(directive, "no-store"u8) || Ascii.EqualsIgnoreCase(directive, "private"u8))
            {
                return true;
            }
        }

        return false;
    }
}
