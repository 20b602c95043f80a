using System.Net;
using CachePolicyOperator.Runtime.Acts;
using CachePolicyOperator.Runtime.Client;

namespace CachePolicyOperator.Operator.Tests.Cluster;

/// <summary>An API server that refuses some acts of the operator.</summary>
internal sealed class RefusingSeam(Func<Act, bool> refuses) : IActSeam
{
    public Task<T> PerformAsync<T>(
        Act act, Func<CancellationToken, Task<T>> perform, CancellationToken cancellationToken) =>
        refuses(act) ? throw new ApiException(HttpStatusCode.Forbidden, "Forbidden", "exceeded quota: events")
            : perform(cancellationToken);
}
