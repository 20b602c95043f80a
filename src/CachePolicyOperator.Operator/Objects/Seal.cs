using System.Security.Cryptography;
using System.Text;
using k8s.Models;

namespace CachePolicyOperator.Operator.Objects;

/// <summary>
/// Marks what the operator keeps where others may write, so that nobody can put something else in its place: an HMAC
/// with a key that only the operator has, over whose it is, its name and what is the operator's of it.
/// </summary>
internal sealed class Seal(ISealKey key)
{
    public const string Annotation = "cachepolicy.dev/seal";

    /// <summary>Completes when there is a key; before that nothing holds.</summary>
    public Task Ready => key.Loaded;

    /// <summary>
    /// The former key is lost: what it sealed cannot be told from what somebody else wrote, until it is sealed anew.
    /// Who reads may take that as it is, for all incidents would open and all entries be somebody else's otherwise.
    /// </summary>
    public bool IsNew => key.IsSealNew;

    /// <summary>Over the parts in this order; no two lists of parts have the same bytes.</summary>
    public string Of(params IEnumerable<string> parts)
    {
        using var hmac = IncrementalHash.CreateHMAC(
            HashAlgorithmName.SHA256,
            key.SealKey ?? throw new InvalidOperationException("the operator's keys are not read yet"));
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
        && key.SealKey is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(seal), Encoding.ASCII.GetBytes(Of(parts)));

    public string Of(string ownerUid, string name, IDictionary<string, string> data) =>
        Of(Parts(ownerUid, name, data, data.Keys));

    /// <summary>
    /// Whether these keys hold what was sealed. What else is in the map is not the operator's, and sealed by nobody.
    /// </summary>
    public bool Holds(V1ConfigMap map, string ownerUid, IReadOnlyCollection<string> keys) =>
        map.Data is { } data
        && keys.All(data.ContainsKey)
        && map.Metadata.Annotations?.TryGetValue(Annotation, out var seal) == true
        && Holds(seal, Parts(ownerUid, map.Metadata.Name, data, keys));

    private static IEnumerable<string> Parts(
        string ownerUid, string name, IDictionary<string, string> data, IEnumerable<string> keys) =>
        [ownerUid, name, .. keys.Order(StringComparer.Ordinal).SelectMany(k => new[] { k, data[k] })];
}
