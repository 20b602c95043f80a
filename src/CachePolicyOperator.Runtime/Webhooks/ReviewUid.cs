using System.Buffers;
using System.Text.Json;

namespace CachePolicyOperator.Runtime.Webhooks;

/// <summary>
/// Reads who is to be answered out of the beginning of a review, so that one can be refused without being held.
/// </summary>
internal static class ReviewUid
{
    private const int Beginning = 4096;

    /// <summary>
    /// The UID of the request, which API servers write first; null where it is not in the beginning. Reads the body to
    /// its end.
    /// </summary>
    public static async Task<string?> FindAsync(Stream body, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Beginning);
        try
        {
            var read = await body.ReadAtLeastAsync(
                buffer.AsMemory(0, Beginning), Beginning, throwOnEndOfStream: false, cancellationToken);
            var uid = Find(buffer.AsSpan(0, read));
            while (await body.ReadAsync(buffer, cancellationToken) > 0)
            {
                // A client that is answered before it has said everything may take that for a broken connection.
            }

            return uid;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static string? Find(ReadOnlySpan<byte> beginning)
    {
        var reader = new Utf8JsonReader(beginning, isFinalBlock: false, default);
        try
        {
            var inRequest = false;
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                    continue;
                if (reader.CurrentDepth == 1)
                    inRequest = reader.ValueTextEquals("request");
                else if (inRequest && reader.CurrentDepth == 2 && reader.ValueTextEquals("uid"))
                    return reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            }
        }
        catch (JsonException)
        {
            // No review at all.
        }

        return null;
    }
}
