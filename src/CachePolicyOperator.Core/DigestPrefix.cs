using System.Buffers;

namespace CachePolicyOperator.Core;

/// <summary>
/// What a person writes for a digest: its first digits, enough of them to mean one, with or without the algorithm.
/// </summary>
public readonly record struct DigestPrefix
{
    /// <summary>A shorter prefix is too easily another's.</summary>
    public const int Shortest = 12;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private readonly string? _digits;

    private DigestPrefix(string digits) => _digits = digits;

    /// <summary>The prefix that the text is; null where it is too short, too long, or not of digits.</summary>
    public static DigestPrefix? Read(string? text)
    {
        var digits = text?.StartsWith(Digest.Prefix, StringComparison.Ordinal) == true
            ? text[Digest.Prefix.Length..]
            : text ?? "";
        return digits.Length is >= Shortest and <= Digest.Length && !digits.AsSpan().ContainsAnyExcept(HexDigits)
            ? new DigestPrefix(digits)
            : null;
    }

    public bool Names(Digest digest) => _digits is not null && digest.Hex.StartsWith(_digits, StringComparison.Ordinal);

    public override string ToString() => Digest.Prefix + _digits;
}
