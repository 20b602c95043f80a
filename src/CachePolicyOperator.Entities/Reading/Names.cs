using System.Buffers;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>Checks the names that Kubernetes, DNS and HTTP give meaning to.</summary>
internal static class Names
{
    private static readonly SearchValues<char> LabelLetters = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyz0123456789-");

    private static readonly SearchValues<char> TokenLetters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    private static readonly SearchValues<char> RuleLetters =
        SearchValues.Create("._-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>A required name of a Kubernetes object; null where it is missing or wrong.</summary>
    public static string? ObjectName(FieldReader reader, string field, string what)
    {
        if (reader.RequiredText(field, $"name the {what}") is not { } name)
        {
            return null;
        }

        if (IsSubdomain(name))
        {
            return name;
        }

        reader.Findings.Error("name/invalid", reader.At(field), $"{Quoted.Text(name)} is no name of a {what}",
            "Kubernetes allows lower-case letters, digits, `-` and `.`, at most 253 characters");
        return null;
    }

    /// <summary>Text of which Kubernetes makes names: a DNS subdomain in lower case.</summary>
    public static bool IsSubdomain(string text) =>
        text.Length <= 253 && Array.TrueForAll(text.Split('.'), IsLabel);

    public static bool IsLabel(string text) =>
        text.Length is > 0 and <= 63 && !text.AsSpan().ContainsAnyExcept(LabelLetters) && text[0] != '-'
            && text[^1] != '-';

    /// <summary>A token of HTTP: what header and cookie names are made of.</summary>
    public static bool IsToken(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(TokenLetters);

    public static bool IsRuleName(string text) =>
        text.Length is > 0 and <= 63 && !text.AsSpan().ContainsAnyExcept(RuleLetters);
}
