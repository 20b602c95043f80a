using System.Buffers;
using System.Text;

namespace CachePolicyOperator.Agent.Varnish;

/// <summary>
/// Writes arguments as varnishd's command line reads them. Quoted strings carry any byte and give it back exactly,
/// which a here-document (it always ends in a line feed, and takes no argument after it) does not.
/// </summary>
internal static class CliText
{
    private static readonly SearchValues<byte> Plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+.,:~!=&"u8);

    private static readonly SearchValues<byte> Special = SearchValues.Create("\"\\\n\r\t"u8);

    public static byte[] Command(string verb, params ReadOnlySpan<string> arguments)
    {
        var line = new ArrayBufferWriter<byte>();
        line.Write(Encoding.UTF8.GetBytes(verb));
        foreach (var argument in arguments)
        {
            var bytes = Encoding.UTF8.GetBytes(argument);
            line.Write(" "u8);

            // varnishd 7.1 refuses a quoted word right after another one, so that what can go without quotes does.
            if (bytes.Length > 0 && bytes.AsSpan().IndexOfAnyExcept(Plain) < 0)
            {
                line.Write(bytes);
            }
            else
            {
                Quote(bytes, line);
            }
        }

        line.Write("\n"u8);
        return line.WrittenSpan.ToArray();
    }

    private static void Quote(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> line)
    {
        line.Write("\""u8);
        while (!text.IsEmpty)
        {
            var plain = text.IndexOfAny(Special);
            line.Write(plain < 0 ? text : text[..plain]);
            if (plain < 0)
            {
                break;
            }

            line.Write(text[plain] switch
            {
                (byte)'\n' => "\\n"u8,
                (byte)'\r' => "\\r"u8,
                (byte)'\t' => "\\t"u8,
                (byte)'"' => "\\\""u8,
                _ => "\\\\"u8,
            });
            text = text[(plain + 1)..];
        }

        line.Write("\""u8);
    }
}
