using System.Collections.Frozen;
using CachePolicyOperator.Core.HeaderFields;

namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>
/// How inputs are called: by the variable that they arrive in (<c>req.http.cookie</c>), and what they are of it.
/// </summary>
internal static class InputNames
{
    /// <summary>Names the input that stands for all lines of a field joined into one.</summary>
    public const string Collected = ";collected";

    /// <summary>Names what was found of a value that its input does not tell exactly.</summary>
    public const string Found = ";found";

    private static readonly FrozenSet<string> JoinedBefore =
        RequestFields.OneLine.Select(f => "req.http." + f)
            .Concat(ResponseFields.OneLine.Select(f => "beresp.http." + f)).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The field an input belongs to, collected or not.</summary>
    public static string FieldOf(string input) =>
        input.IndexOf(';', StringComparison.Ordinal) is > 0 and var end ? input[..end] : input;

    /// <summary>Whether it is no input that arrives, but the value of a function of one.</summary>
    public static bool IsFound(string input) => input.Contains(Found, StringComparison.Ordinal);

    /// <summary>Whether no VCL ever sees more than one line of the field.</summary>
    public static bool IsOneLine(string input) =>
        IsJoinedBefore(input) || input.EndsWith(Collected, StringComparison.Ordinal);

    /// <summary>Whether varnishd makes one line of the field before VCL sees it.</summary>
    public static bool IsJoinedBefore(string input) => JoinedBefore.Contains(input);

    /// <summary>The request field of an input, in lower case; null where the input is none.</summary>
    public static string? RequestFieldOf(string input)
    {
        var field = FieldOf(input);
        return field.StartsWith("req.http.", StringComparison.Ordinal) ? field["req.http.".Length..] : null;
    }

    /// <summary>The field of a variable as people write its name: <c>X-Api-Key</c>.</summary>
    public static string HeaderOf(string variable) =>
        string.Join('-', variable[(variable.IndexOf(".http.", StringComparison.Ordinal) + 6)..].Split('-')
            .Select(word => word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
}
