using System.Net.Sockets;
using System.Text;

namespace CachePolicyOperator.Oracle.Real;

/// <summary>A first line and the header lines behind it, as they were on the wire.</summary>
internal sealed record HttpHead(string First, IReadOnlyList<(string Name, string Value)> Lines)
{
    public string? Field(string name) => Lines.FirstOrDefault(l => l.Name == name).Value;

    public HttpHead Without(string name) => this with { Lines = [.. Lines.Where(l => l.Name != name)] };
}

/// <summary>Reads messages from a blocking socket.</summary>
internal sealed class HttpReader(Socket socket)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>The next head; null where the peer is gone.</summary>
    public HttpHead? ReadHead()
    {
        while (true)
        {
            var at = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8);
            if (at >= 0)
            {
                var lines = Encoding.Latin1.GetString(_buffer, _start, at).Split("\r\n");
                _start += at + 4;
                return new HttpHead(lines[0], [.. lines.Skip(1).Select(Split)]);
            }

            if (!Fill())
            {
                return null;
            }
        }
    }

    /// <summary>Reads past so many bytes; false where the peer is gone before.</summary>
    public bool Skip(long count)
    {
        while (count > 0)
        {
            if (_start == _end && !Fill())
            {
                return false;
            }

            var step = (int)Math.Min(count, _end - _start);
            _start += step;
            count -= step;
        }

        return true;
    }

    public bool SkipChunks()
    {
        while (true)
        {
            var line = ReadLine();
            if (line is null
                || !long.TryParse(line.Split(';')[0], System.Globalization.NumberStyles.HexNumber, null, out var size))
            {
                return false;
            }

            if (!Skip(size + 2))
            {
                return false;
            }

            if (size == 0)
            {
                return true;
            }
        }
    }

    private string? ReadLine()
    {
        while (true)
        {
            var at = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8);
            if (at >= 0)
            {
                var line = Encoding.Latin1.GetString(_buffer, _start, at);
                _start += at + 2;
                return line;
            }

            if (!Fill())
            {
                return null;
            }
        }
    }

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        try
        {
            var read = _end < _buffer.Length ? socket.Receive(_buffer, _end, _buffer.Length - _end, SocketFlags.None)
                : 0;
            _end += read;
            return read > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static (string Name, string Value) Split(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (line.ToLowerInvariant(), string.Empty)
            : (line[..colon].ToLowerInvariant(), line[(colon + 1)..].Trim(' ', '\t'));
    }
}
