using System.Text.Json;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Operator.Managed;

/// <summary>
/// Where an object as it lives is not what it has to be. What the API server fills in beside our fields is no drift;
/// within a pod, what somebody else put there is.
/// </summary>
internal static class Drift
{
    private const string Labels = "spec.template.metadata.labels";

    /// <summary>
    /// Fields of pods and containers that nobody fills in by himself, and that give a pod more than it has to have.
    /// </summary>
    private static readonly string[] Foreign =
    [
        "hostNetwork", "hostPID", "hostIPC", "serviceAccountName", "privileged", "lifecycle", "livenessProbe",
            "startupProbe", "workingDir",
        "nodeSelector", "affinity", "runtimeClassName", "schedulingGates", "priorityClassName",
    ];

    /// <summary>The first place that differs; null where there is none.</summary>
    public static string? Find(IKubernetesObject<V1ObjectMeta> wanted, IKubernetesObject<V1ObjectMeta> live)
    {
        using var left = JsonDocument.Parse(KubernetesJson.Serialize(wanted));
        using var right = JsonDocument.Parse(KubernetesJson.Serialize(live));
        return left.RootElement.TryGetProperty("spec", out var spec)
            ? right.RootElement.TryGetProperty("spec", out var lives) ? Find("spec", spec, lives, exact: false) : "spec"
            : null;
    }

    private static string? Find(string path, JsonElement wanted, JsonElement live, bool exact) =>
        wanted.ValueKind switch
        {
            JsonValueKind.Object when live.ValueKind == JsonValueKind.Object =>
                OfObject(path, wanted, live, exact || path == "spec.template.spec"),
            JsonValueKind.Array when live.ValueKind == JsonValueKind.Array =>
                OfArray(path, wanted, live, exact || path == "spec.ports"),
            _ => JsonElement.DeepEquals(wanted, live) ? null : path,
        };

    private static string? OfObject(string path, JsonElement wanted, JsonElement live, bool exact)
    {
        foreach (var field in wanted.EnumerateObject())
        {
            var place = $"{path}.{field.Name}";
            // Of nothing there is nothing to compare: an empty list or map is left out.
            if (!live.TryGetProperty(field.Name, out var found))
            {
                return IsEmpty(field.Value) ? null : place;
            }

            if (Find(place, field.Value, found, exact) is { } drift)
            {
                return drift;
            }
        }

        // What selects is whole, and what is selected by: one more label, and other Services lead to the pods.
        return exact || path is "spec.selector" or "spec.selector.matchLabels" or Labels
            ? live.EnumerateObject()
                .Where(field => !wanted.TryGetProperty(field.Name, out _) && (!exact || IsForeign(field)))
                .Select(field => $"{path}.{field.Name}")
                .FirstOrDefault()
            : null;
    }

    private static string? OfArray(string path, JsonElement wanted, JsonElement live, bool exact)
    {
        var (mine, theirs) = (wanted.GetArrayLength(), live.GetArrayLength());
        if (theirs < mine || (exact && theirs > mine))
        {
            return path;
        }

        for (var i = 0; i < mine; i++)
        {
            if (Find($"{path}[{i}]", wanted[i], live[i], exact) is { } drift)
            {
                return drift;
            }
        }

        return null;
    }

    // The API server fills in values and objects, and no lists.
    private static bool IsForeign(JsonProperty field) =>
        (field.Value.ValueKind == JsonValueKind.Array && field.Value.GetArrayLength() > 0)
        || (Foreign.Contains(field.Name) && field.Value.ValueKind != JsonValueKind.False);

    private static bool IsEmpty(JsonElement value) =>
        (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0)
        || (value.ValueKind == JsonValueKind.Object && !value.EnumerateObject().Any());
}
