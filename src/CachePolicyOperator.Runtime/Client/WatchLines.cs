using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace CachePolicyOperator.Runtime.Client;

/// <summary>Cuts the body of a watch into its JSON lines.</summary>
internal sealed class WatchLines(Stream stream) : IDisposable
{
    private readonly PipeReader _reader = PipeReader.Create(stream);

    /// <summary>The next line, or null when the server ended the watch.</summary>
    /// <exception cref="IOException">The connection was cut, possibly within a line: the event will be sent
    /// again.</exception>
    /// <exception cref="WatchExpiredException">A whole line is no JSON: what it said is unknown.</exception>
    public async Task<JsonDocument?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await _reader.ReadAsync(cancellationToken);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = read.Buffer.Slice(0, end).ToArray();
                _reader.AdvanceTo(read.Buffer.GetPosition(1, end));
                if (line.Length > 0)
                    return Parse(line);
            }
            else if (read.IsCompleted)
            {
                if (read.Buffer.Length > 0)
                    throw new IOException("the watch was cut within a line");
                return null;
            }
            else
            {
                _reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
    }

    private static JsonDocument Parse(byte[] line)
    {
        try
        {
            return JsonDocument.Parse(line, JsonElementExtensions.AnyDepth);
        }
        catch (JsonException error)
        {
            throw new WatchExpiredException("a line of the watch is no JSON", error);
        }
    }

    public void Dispose() => _reader.Complete();
}
