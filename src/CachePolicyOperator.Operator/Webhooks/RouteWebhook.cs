using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Operator.Surroundings;
using CachePolicyOperator.Runtime.Webhooks;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Operator.Webhooks;

/// <summary>Refuses routes that lead to a cache around its policy, or put another cache into the path.</summary>
internal abstract class RouteWebhook<T>(RouteCheck check, Func<T, TrafficRoute> read) : ValidationWebhook<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    public override ValidationResult Create(T entity, AdmissionContext context) => Answer(null, entity, context);

    public override ValidationResult Update(T? oldEntity, T newEntity, AdmissionContext context) =>
        Answer(oldEntity, newEntity, context);

    // Not ours to refuse.
    public override ValidationResult Unreadable(string error, AdmissionContext context) => Success();

    private ValidationResult Answer(T? old, T next, AdmissionContext context)
    {
        IEnumerable<Diagnostic> Check(T route)
        {
            route.Metadata.NamespaceProperty = context.Namespace;
            return check.Of(read(route)).Select(f => f.Found);
        }

        return NewFindings.Answer(
            old is null ? [] : Check(old), Check(next),
                "what this leads to would be cached without a proof, or past a fallback");
    }
}

/// <inheritdoc/>
internal sealed class IngressWebhook(RouteCheck check) : RouteWebhook<V1Ingress>(check, TrafficRoute.Of);

/// <inheritdoc/>
internal sealed class HttpRouteWebhook(RouteCheck check) : RouteWebhook<HttpRoute>(check, TrafficRoute.Of);
