namespace CachePolicyOperator.Core.Reviews;

/// <summary>A detached signature by a key that the policy names.</summary>
public sealed record ReviewSignature
{
    private ReviewSignature(string key, EquatableList<byte> value)
    {
        Key = key;
        Value = value;
    }

    /// <summary>Name of the key.</summary>
    public string Key { get; }

    public EquatableList<byte> Value { get; }

    /// <summary>Null where the value is no Base64.</summary>
    public static ReviewSignature? Read(string key, string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length)
            ? new ReviewSignature(key, EquatableList.Create<byte>(bytes.AsSpan(0, length)))
            : null;
    }
}
