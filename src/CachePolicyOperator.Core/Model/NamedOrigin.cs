using System.Text.Json.Serialization;

namespace CachePolicyOperator.Core.Model;

/// <summary>An origin beside the default one: rules name it.</summary>
/// <param name="IsCovered">
/// Whether the default origin answers its requests as well, where there is no cache that could tell them apart.
/// </param>
public sealed record NamedOrigin(string Name, Origin Origin, bool IsCovered)
{
    /// <summary>The host that it is asked for; null: the one that the client asked for.</summary>
    public HostName? Host { get; init; }

    /// <summary>The path that it is asked for; null: the one that the client asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PathRewrite? Rewrite { get; init; }
}
