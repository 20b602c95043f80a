using k8s.Models;

namespace CachePolicyOperator.TestCluster.Kubelet;

/// <summary>The fields of a pod that the downward API can tell to its containers.</summary>
internal static class PodFields
{
    public const string HostIp = "127.0.0.1";

    public static string Read(V1Pod pod, string path, PodAddress? address) => path switch
    {
        "metadata.name" => pod.Name(),
        "metadata.namespace" => pod.Namespace(),
        "metadata.uid" => pod.Uid(),
        "spec.nodeName" => pod.Spec.NodeName,
        "spec.serviceAccountName" => pod.Spec.ServiceAccountName ?? "default",
        "status.podIP" or "status.podIPs" => address?.ToString() ?? string.Empty,
        "status.hostIP" or "status.hostIPs" => HostIp,
        "metadata.labels" => Lines(pod.Labels()),
        "metadata.annotations" => Lines(pod.Annotations()),
        _ when Subscript(path, "metadata.labels") is { } key => Value(pod.Labels(), key),
        _ when Subscript(path, "metadata.annotations") is { } key => Value(pod.Annotations(), key),
        _ => throw new NotSupportedException($"the test kubelet cannot read the field `{path}`"),
    };

    private static string? Subscript(string path, string field) =>
        path.StartsWith(field + "['", StringComparison.Ordinal) && path.EndsWith("']", StringComparison.Ordinal)
            ? path[(field.Length + 2)..^2]
            : null;

    private static string Value(IDictionary<string, string>? map, string key) =>
        map is not null && map.TryGetValue(key, out var value) ? value : string.Empty;

    private static string Lines(IDictionary<string, string>? map) =>
        string.Join('\n', (map ?? new Dictionary<string, string>()).Select(pair => $"{pair.Key}=\"{pair.Value}\""));
}
