using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace CachePolicyOperator.Core;

/// <summary>
/// The name of a text: the SHA-256 of its bytes, written <c>sha256:</c> and 64 lower-case hexadecimal digits.
/// </summary>
[JsonConverter(typeof(DigestJsonConverter))]
public readonly record struct Digest
{
    /// <summary>How every digest begins.</summary>
    public const string Prefix = "sha256:";

    /// <summary>How many digits follow.</summary>
    public const int Length = 64;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    private readonly string? _hex;

    private Digest(string hex) => _hex = hex;

    /// <summary>
    /// The digits alone, as names of files and labels take them. Empty for <c>default(Digest)</c>, which names no text.
    /// </summary>
    public string Hex => _hex ?? "";

    /// <summary>The digest as people read it: the first digits.</summary>
    public string Abbreviated => _hex is null ? Prefix : Prefix + _hex[..DigestPrefix.Shortest];

    /// <summary>The digest of a text in UTF-8.</summary>
    public static Digest Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    public static Digest Of(ReadOnlySpan<byte> bytes) => new(Convert.ToHexStringLower(SHA256.HashData(bytes)));

    /// <exception cref="FormatException">The text is no digest.</exception>
    public static Digest Parse(string text) =>
        TryParse(text, out var digest)
            ? digest
            : throw new FormatException($"`{text}` is no digest; write `{Prefix}` and {Length} hexadecimal digits");

    public static bool TryParse([NotNullWhen(true)] string? text, out Digest digest)
    {
        var is64Digits = text is not null
            && text.Length == Prefix.Length + Length
            && text.StartsWith(Prefix, StringComparison.Ordinal)
            && !text.AsSpan(Prefix.Length).ContainsAnyExcept(Digits);
        digest = is64Digits ? new Digest(text![Prefix.Length..]) : default;
        return is64Digits;
    }

    /// <summary>The digest that the text is; null where it is none.</summary>
    public static Digest? Read(string? text) => TryParse(text, out var digest) ? digest : null;

    public override string ToString() => Prefix + Hex;
}
