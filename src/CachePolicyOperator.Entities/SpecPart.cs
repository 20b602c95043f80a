using System.Text.Json;
using System.Text.Json.Serialization;

namespace CachePolicyOperator.Entities;

/// <summary>
/// An object within a spec. It keeps fields that it does not know, so that the readers can refuse a misspelt field
/// (<c>personal.routs</c>) instead of losing a protection in silence.
/// </summary>
public abstract class SpecPart
{
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}
