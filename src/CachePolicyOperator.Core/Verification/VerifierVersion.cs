namespace CachePolicyOperator.Core.Verification;

/// <summary>Which verifier a verdict is of.</summary>
public static class VerifierVersion
{
    /// <summary>Changes whenever a verdict may.</summary>
    public const string Current = "8";
}
