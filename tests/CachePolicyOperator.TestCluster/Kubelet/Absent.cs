using System.Net;
using k8s.Autorest;

namespace CachePolicyOperator.TestCluster.Kubelet;

/// <summary>Turns the API server's "not found" into null.</summary>
internal static class Absent
{
    public static async Task<T?> AsNullAsync<T>(Func<Task<T>> read)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}
