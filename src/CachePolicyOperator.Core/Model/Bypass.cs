namespace CachePolicyOperator.Core.Model;

/// <summary>What a request may bring so that it is passed although its rule caches.</summary>
/// <param name="Headers">With names in lower case.</param>
public sealed record Bypass(
    EquatableList<BroughtValue> Cookies, EquatableList<BroughtValue> Headers,
        EquatableList<BroughtValue> QueryParameters)
{
    public static Bypass None { get; } = new([], [], []);
}

/// <summary>A cookie, header or query parameter that a request brings.</summary>
/// <param name="Name">A <c>*</c> at its end stands for any text.</param>
/// <param name="Value">A PCRE2 regular expression that the value must match; null: any value counts.</param>
public sealed record BroughtValue(string Name, string? Value);
