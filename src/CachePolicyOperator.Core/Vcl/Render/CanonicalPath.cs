using System.Text;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// How a path is spelled in a canonical target, so that byte for byte comparison is comparison of what the origin resolves:
/// every byte either stands for itself or must be written <c>%XX</c>, never both.
/// </summary>
internal static class CanonicalPath
{
    /// <summary>
    /// The bytes that stand for themselves, as a regex class without the dot, which may stand only between two others.
    /// A semicolon is not among them: some origins cut a path there.
    /// </summary>
    private const string Raw = @"[A-Za-z0-9_~!$&'()*+,=:@-]";

    /// <summary>
    /// The bytes that are written <c>%XX</c>: the printable ones with no meaning in a URL, and those of UTF-8. Never a
    /// control character, <c>/ \ . ; ? # %</c>, a byte that stands for itself, or a byte that valid UTF-8 does not hold.
    /// </summary>
    private const string Encoded = "%(?:2[02]|3[CE]|5[BDE]|60|7[BCD]|[89AB][0-9A-F]|C[2-9A-F]|D[0-9A-F]|E[0-9A-F]|F[0-4])";

    private const string Word = $"(?:{Raw}|{Encoded}){Raw}*(?:{Encoded}{Raw}*)*";

    private const string Segment = $@"\.?{Word}(?:\.{Word})*";

    /// <summary>
    /// Targets that cache and origin read alike. No dot-segment, no empty segment, no dot at the end of a segment. At every
    /// byte there is one way on, so that matching is linear.
    /// </summary>
    public const string TargetRegex = $@"^/(?:{Segment}(?:/{Segment})*/?)?(?:\?[A-Za-z0-9._~!$'()*+,:@/?&=%\[\]-]*)?$";

    /// <summary>The path of a route pattern as it is spelled in a canonical target.</summary>
    public static string Spell(string path)
    {
        var spelled = new StringBuilder(path.Length);
        var bytes = Encoding.UTF8.GetBytes(path);
        for (var i = 0; i < bytes.Length; i++)
        {
            var b = bytes[i];
            if (b == '%' && i + 2 < bytes.Length && char.IsAsciiHexDigit((char)bytes[i + 1]) && char.IsAsciiHexDigit((char)bytes[i + 2]))
            {
                b = Convert.ToByte(Encoding.ASCII.GetString(bytes, i + 1, 2), 16);
                i += 2;
                Append(spelled, b, IsRaw(b));
            }
            else
            {
                Append(spelled, b, IsRaw(b) || b is (byte)'/' or (byte)'.');
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

    private static bool IsRaw(byte b) => char.IsAsciiLetterOrDigit((char)b) || "_~!$&'()*+,=:@-".Contains((char)b);
}
