using System.Globalization;
using System.Text;

namespace CachePolicyOperator.TestCluster;

/// <summary>Reads one HTTP/1.1 response from a stream: by length, by chunks, or to the end.</summary>
internal sealed class RawResponseReader(BufferedStream stream)
{
    public async Task<RawResponse> ReadAsync(bool isHead, CancellationToken cancellationToken)
    {
        var (status, reason) = await StatusLineAsync(cancellationToken);
        var headers = await HeadersAsync(cancellationToken);
        if (status is >= 100 and < 200)
        {
            return await ReadAsync(isHead, cancellationToken);
        }

        var body = isHead || status is 204 or 304 ? [] : await BodyAsync(headers, cancellationToken);
        return new RawResponse(status, reason, headers, body);
    }

    private async Task<(int Status, string Reason)> StatusLineAsync(CancellationToken cancellationToken)
    {
        var line = await LineAsync(cancellationToken);
        var parts = line.Split(' ', 3);
        return parts.Length >= 2 && int.TryParse(parts[1], CultureInfo.InvariantCulture, out var status)
            ? (status, parts.ElementAtOrDefault(2) ?? string.Empty)
            : throw new IOException($"not a status line: `{line}`");
    }

    private async Task<List<KeyValuePair<string, string>>> HeadersAsync(CancellationToken cancellationToken)
    {
        var headers = new List<KeyValuePair<string, string>>();
        while (await LineAsync(cancellationToken) is { Length: > 0 } line)
        {
            var parts = line.Split(':', 2);
            headers.Add(new(parts[0], parts.ElementAtOrDefault(1)?.Trim() ?? string.Empty));
        }

        return headers;
    }

    private async Task<byte[]> BodyAsync(
        List<KeyValuePair<string, string>> headers, CancellationToken cancellationToken)
    {
        string? Header(string name) =>
            headers.FirstOrDefault(line => line.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

        if (Header("Transfer-Encoding")?.Contains("chunked", StringComparison.OrdinalIgnoreCase) == true)
        {
            return await ChunksAsync(cancellationToken);
        }

        if (int.TryParse(Header("Content-Length"), CultureInfo.InvariantCulture, out var length))
        {
            return await BytesAsync(length, cancellationToken);
        }

        var rest = new MemoryStream();
        await stream.CopyToAsync(rest, cancellationToken);
        return rest.ToArray();
    }

    private async Task<byte[]> ChunksAsync(CancellationToken cancellationToken)
    {
        var body = new MemoryStream();
        while (true)
        {
            var size = int.Parse((await LineAsync(cancellationToken)).Split(';')[0], NumberStyles.HexNumber,
                CultureInfo.InvariantCulture);
            if (size == 0)
            {
                return body.ToArray();
            }

            body.Write(await BytesAsync(size, cancellationToken));
            await LineAsync(cancellationToken);
        }
    }

    private async Task<byte[]> BytesAsync(int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }

    private async Task<string> LineAsync(CancellationToken cancellationToken)
    {
        var line = new MemoryStream();
        var one = new byte[1];
        while (await stream.ReadAsync(one, cancellationToken) == 1 && one[0] != '\n')
        {
            line.WriteByte(one[0]);
        }

        return Encoding.Latin1.GetString(line.ToArray()).TrimEnd('\r');
    }
}
