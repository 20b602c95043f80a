using CachePolicyOperator.Runtime.Abstractions;

namespace CachePolicyOperator.Runtime.Controllers;

/// <summary>Turns the changes of another kind into keys of a controller's own kind.</summary>
internal abstract class Watch
{
    public abstract Task Synced { get; }

    /// <summary>
    /// Wakes for every change until the result is disposed. <paramref name="wakeAll"/> is for a map that failed.
    /// </summary>
    public abstract IDisposable Start(Action<NamespacedName> wake, Action<Exception> wakeAll);
}
