using k8s;
using k8s.Models;

namespace CachePolicyOperator.TestCluster;

/// <summary>
/// Makes pods as soon as the API server takes them: before Kubernetes 1.24 it refuses them until their account has its
/// token.
/// </summary>
public static class PodCreation
{
    public static Task<V1Pod> CreatePodAsync(this IKubernetes client, V1Pod pod, string space) => Eventually.GetAsync(
        $"the pod {pod.Metadata.Name} to be taken", token =>
            client.CoreV1.CreateNamespacedPodAsync(pod, space, cancellationToken: token)!);
}
