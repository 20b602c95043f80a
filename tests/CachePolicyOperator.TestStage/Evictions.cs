using System.Net;
using System.Text;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.TestStage;

/// <summary>Evicts pods as <c>kubectl drain</c> does, whichever version of evictions the API server knows.</summary>
internal static class Evictions
{
    private static readonly string[] Versions = ["policy/v1", "policy/v1beta1"];

    /// <summary>False where a disruption budget forbids it.</summary>
    public static async Task<bool> EvictAsync(
        ControlPlane cluster, string space, string pod, CancellationToken cancellationToken)
    {
        using var client = cluster.CreateClient();
        foreach (var version in Versions)
        {
            using var body = new StringContent(
                $$$"""{"apiVersion":"{{{version}}}","kind":"Eviction","metadata":{"name":"{{{pod}}}","namespace":"{{{space}}}"}}""", Encoding.UTF8, "application/json");
            using var answer = await client.HttpClient.PostAsync(
                new Uri(cluster.Server, $"/api/v1/namespaces/{space}/pods/{pod}/eviction"), body, cancellationToken);
            if (answer.IsSuccessStatusCode
                || answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.NotFound)
            {
                return answer.IsSuccessStatusCode;
            }
        }

        throw new StageException($"the API server knows no eviction of {pod}");
    }
}
