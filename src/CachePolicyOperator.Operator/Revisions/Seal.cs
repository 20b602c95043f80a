using System.Security.Cryptography;
using System.Text;
using CachePolicyOperator.Operator.Certificates;
using k8s.Models;

namespace CachePolicyOperator.Operator.Revisions;

/// <summary>
/// Marks what the operator keeps in ConfigMaps of a team's namespace, so that nobody who may write there can put an
/// unproven text in the place of a proven one: an HMAC over owner, name and every value, with a key that only the operator has.
/// </summary>
internal sealed class Seal(IOperatorSecrets secrets)
{
    public const string Annotation = "cachepolicy.dev/seal";

    public string Of(string ownerUid, string name, IDictionary<string, string> data)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secrets.SealKey ?? throw new InvalidOperationException("the operator's keys are not read yet"));
        foreach (var part in data.OrderBy(d => d.Key, StringComparer.Ordinal).SelectMany(d => new[] { d.Key, d.Value }).Prepend(name).Prepend(ownerUid))
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            // The length before each part: no two lists of parts give the same bytes.
            hmac.AppendData(BitConverter.GetBytes((long)bytes.Length));
            hmac.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hmac.GetHashAndReset());
    }

    public bool Holds(V1ConfigMap map, string ownerUid) =>
        secrets.SealKey is not null
        && map.Data is { } data
        && map.Metadata.Annotations?.TryGetValue(Annotation, out var seal) == true
        && CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(seal), Encoding.ASCII.GetBytes(Of(ownerUid, map.Metadata.Name, data)));
}
