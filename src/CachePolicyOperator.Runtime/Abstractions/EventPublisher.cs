using k8s;
using k8s.Models;

namespace CachePolicyOperator.Runtime.Abstractions;

/// <summary>Which colour an event has in <c>kubectl describe</c>.</summary>
public enum EventType
{
    Normal,
    Warning,
}

/// <summary>
/// Tells the user something about an entity: one Event per (object, type, reason, message), its count raised when it is
/// said again. An event that cannot be written is logged and lost; it never fails the caller.
/// </summary>
public delegate Task EventPublisher(
    IKubernetesObject<V1ObjectMeta> entity,
    string reason,
    string message,
    EventType type = EventType.Normal,
    CancellationToken cancellationToken = default);
