using System.Net;
using CachePolicyOperator.Runtime.Client;

namespace CachePolicyOperator.Operator.Managed;

/// <summary>
/// Whether the server has PodDisruptionBudgets in version v1, from Kubernetes 1.21, or only before it.
/// </summary>
internal sealed class BudgetVersion(KubernetesApi api)
{
    private bool? _areStable;

    public async Task<bool> AreStableAsync(CancellationToken cancellationToken)
    {
        if (_areStable is { } known)
        {
            return known;
        }

        try
        {
            await api.GetAsync("apis/policy/v1", cancellationToken);
            _areStable = true;
        }
        catch (ApiException error) when (error.StatusCode == HttpStatusCode.NotFound)
        {
            _areStable = false;
        }

        return _areStable.Value;
    }
}
