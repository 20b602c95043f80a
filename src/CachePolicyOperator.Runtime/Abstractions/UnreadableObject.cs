using System.Text.Json;

namespace CachePolicyOperator.Runtime.Abstractions;

/// <summary>An object of the cluster that does not fit its type: what it is called, why, and the raw JSON.</summary>
public sealed record UnreadableObject(NamespacedName Key, string ResourceVersion, string Error, JsonElement Raw);
