using System.Security.Cryptography;
using System.Text;
using CachePolicyOperator.Operator.Certificates;
using k8s.Models;

namespace CachePolicyOperator.Operator.Revisions;

/// <summary>
/// Marks what the operator keeps where others may write, so that nobody can put something else in its place: an HMAC with
/// a key that only the operator has, over whose it is, its name and what is the operator's of it.
/// </summary>
internal sealed class Seal(IOperatorSecrets secrets)
{
    public const string Annotation = "cachepolicy.dev/seal";

    /// <summary>Over the parts in this order; no two lists of parts have the same bytes.</summary>
    public string Of(params IEnumerable<string> parts)
    {
        using var hmac = IncrementalHash.CreateHMAC(
            HashAlgorithmName.SHA256,
            secrets.SealKey ?? throw new InvalidOperationException("the operator's keys are not read yet"));
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            // The length before each part: no two lists of parts give the same bytes.
            hmac.AppendData(BitConverter.GetBytes((long)bytes.Length));
            hmac.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hmac.GetHashAndReset());
    }

    public bool Holds(string? seal, params IEnumerable<string> parts) =>
        seal is not null
        && secrets.SealKey is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(seal), Encoding.ASCII.GetBytes(Of(parts)));

    public string Of(string ownerUid, string name, IDictionary<string, string> data) => Of(Parts(ownerUid, name, data, data.Keys));

    /// <summary>Whether these keys hold what was sealed. What else is in the map is not the operator's, and sealed by nobody.</summary>
    public bool Holds(V1ConfigMap map, string ownerUid, IReadOnlyCollection<string> keys) =>
        map.Data is { } data
        && keys.All(data.ContainsKey)
        && map.Metadata.Annotations?.TryGetValue(Annotation, out var seal) == true
        && Holds(seal, Parts(ownerUid, map.Metadata.Name, data, keys));

    private static IEnumerable<string> Parts(string ownerUid, string name, IDictionary<string, string> data, IEnumerable<string> keys) =>
        [ownerUid, name, .. keys.Order(StringComparer.Ordinal).SelectMany(k => new[] { k, data[k] })];
}
