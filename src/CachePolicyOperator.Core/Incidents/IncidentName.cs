using System.Security.Cryptography;
using System.Text;

namespace CachePolicyOperator.Core.Incidents;

/// <summary>Names incidents so that the same sign, seen again after a crash, names the same incident.</summary>
public static class IncidentName
{
    private const int LongestPrefix = 200;

    public static string For(IncidentFacts facts, Sign sign)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(sign);
        // A sign without a source has no identity of its own: the incidents before it tell it from the last one of its
        // kind.
        var identity = sign.Source is { } source
            ? $"{source.Uid}\n{source.Leak}"
            : $"{sign.Trigger}\n{string.Join('\n', facts.Incidents.Items.Select(i => i.Name).Order(StringComparer.Ordinal))}";
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{facts.Policy}\n{identity}"));
        var prefix = facts.Policy.Name.Length <= LongestPrefix ? facts.Policy.Name : facts.Policy.Name[..LongestPrefix];
        return $"{prefix.TrimEnd('.', '-')}-{Convert.ToHexStringLower(hash)[..10]}";
    }
}
