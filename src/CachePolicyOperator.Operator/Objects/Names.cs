using System.Security.Cryptography;
using System.Text;

namespace CachePolicyOperator.Operator.Objects;

/// <summary>Names of the objects that the operator makes.</summary>
internal static class Names
{
    private const int Longest = 253;

    /// <summary><c>policy-part</c>; where that is too long, the policy's name is cut and told by its hash.</summary>
    public static string Child(string policy, string part, int longest = Longest)
    {
        var name = $"{policy}-{part}";
        if (name.Length <= longest)
        {
            return name;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(policy)))[..8];
        return $"{policy[..(longest - part.Length - hash.Length - 2)].TrimEnd('.', '-')}-{hash}-{part}";
    }

    /// <summary>What the managed workload of a policy and its Service are called.</summary>
    public static string ManagedCache(string policy) => Child(policy, "cache", 63);

    /// <summary>A label's value: the name, or its hash where it is longer than a label may be.</summary>
    public static string Label(string name) =>
        name.Length <= 63 ? name : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..40];
}
