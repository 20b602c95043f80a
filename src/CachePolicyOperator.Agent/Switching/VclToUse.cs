using CachePolicyOperator.Core;

namespace CachePolicyOperator.Agent.Switching;

/// <summary>A VCL that may serve: a proven revision, or the bypass of one.</summary>
internal sealed record VclToUse(Digest Digest, bool IsBypass)
{
    public string Name { get; } = NameOf(Digest);

    /// <summary>The name under which varnishd knows a text: <c>cp_</c> and the first 32 digits.</summary>
    public static string NameOf(Digest digest) => $"cp_{digest.Hex[..32]}";
}
