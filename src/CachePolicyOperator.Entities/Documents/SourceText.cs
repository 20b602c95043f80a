using System.Buffers;
using System.Text;
using System.Text.Unicode;
using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Entities.Documents;

/// <summary>Bytes that are found to be UTF-8 of a size that we read, or the diagnostic that says why not.</summary>
internal static class SourceText
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Null where <paramref name="bytes"/> can be read; the mark at the beginning is cut off.</summary>
    public static Diagnostic? Check(ref ReadOnlySpan<byte> bytes, string? file)
    {
        if (bytes.Length > Limits.Bytes)
        {
            return Diagnostic.Error("document/too-large", At(file, 0),
                $"the text is {bytes.Length:N0} bytes long; at most {Limits.Bytes:N0} are read",
                "split it into several files; Kubernetes itself stores no object above 1.5 MiB");
        }

        if (bytes.StartsWith(ByteOrderMark))
        {
            bytes = bytes[ByteOrderMark.Length..];
        }

        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            return Diagnostic.Error("document/encoding", At(file, 1), "the text is UTF-16", "save it as UTF-8");
        }

        if (!Utf8.IsValid(bytes))
        {
            var good = ValidPrefix(bytes);
            return Diagnostic.Error("document/encoding", At(file, LineAt(bytes, good)),
                $"byte 0x{bytes[good]:X2} at offset {good:N0} is not UTF-8", "save the text as UTF-8");
        }

        return null;
    }

    /// <summary>
    /// The place of a syntax error: <c>policy.yaml:12</c>, or <c>line 12</c> of a text without a name.
    /// </summary>
    public static string At(string? file, int line) => (file, line) switch
    {
        (null, 0) => "document",
        (null, _) => $"line {line}",
        (_, 0) => file,
        _ => $"{file}:{line}",
    };

    public static int LineAt(ReadOnlySpan<byte> bytes, int offset) => bytes[..offset].Count((byte)'\n') + 1;

    private static int ValidPrefix(ReadOnlySpan<byte> bytes)
    {
        var offset = 0;
        while (Rune.DecodeFromUtf8(bytes[offset..], out _, out var consumed) == OperationStatus.Done)
        {
            offset += consumed;
        }

        return offset;
    }
}
