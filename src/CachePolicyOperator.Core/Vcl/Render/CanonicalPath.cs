using System.Text;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// How a path is spelled in a canonical target, so that byte for byte comparison is comparison of what the origin
/// resolves: every byte either stands for itself or is written <c>%XX</c>, never both.
/// </summary>
internal static class CanonicalPath
{
    /// <summary>The path of a route pattern as it is spelled in a canonical target.</summary>
    public static string Spell(string path)
    {
        var spelled = new StringBuilder(path.Length);
        var bytes = Encoding.UTF8.GetBytes(path);
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '%'
                && i + 2 < bytes.Length
                && char.IsAsciiHexDigit((char)bytes[i + 1])
                && char.IsAsciiHexDigit((char)bytes[i + 2]))
            {
                var b = Convert.ToByte(Encoding.ASCII.GetString(bytes, i + 1, 2), 16);
                i += 2;
                Append(spelled, b, IsRaw(b));
            }
            else
            {
                Append(spelled, bytes[i], IsRaw(bytes[i]) || bytes[i] is (byte)'/' or (byte)'.');
            }
        }

        return spelled.ToString();
    }

    private static void Append(StringBuilder spelled, byte b, bool raw)
    {
        if (raw)
        {
            spelled.Append((char)b);
        }
        else
        {
            spelled.Append('%').Append(b.ToString("X2"));
        }
    }

    // A slash or a dot that is written %2F or %2E is not the same to every origin, so it stays as it is written.
    private static bool IsRaw(byte b) => char.IsAsciiLetterOrDigit((char)b) || "_~@:+,=-".Contains((char)b);
}
