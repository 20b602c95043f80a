using System.Text.Json.Serialization;

namespace CachePolicyOperator.Operator.Invalidations;

/// <summary>What a caller is told of a purge that was ordered.</summary>
/// <param name="Total">Null until the cache pods have been looked for.</param>
internal sealed record PurgeProgress(
    string Name, string Namespace, string Phase, long Confirmed, long? Total, [property: JsonIgnore] bool HasEnded)
{
    /// <summary>200 where it has ended, else 202: what was ordered stays ordered.</summary>
    public static int StatusOf(bool hasEnded) => hasEnded ? StatusCodes.Status200OK : StatusCodes.Status202Accepted;
}
