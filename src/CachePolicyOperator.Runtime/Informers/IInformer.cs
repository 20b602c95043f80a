namespace CachePolicyOperator.Runtime.Informers;

/// <summary>Follows one kind of objects; what health and hosting need to know of it.</summary>
public interface IInformer
{
    /// <summary>The plural name of the kind, for messages.</summary>
    string Name { get; }

    /// <summary>Completes when the first list has been applied.</summary>
    Task Synced { get; }

    /// <summary>
    /// How long ago the server gave a sign: a list, an event, a bookmark, or a watch that it ended in order.
    /// </summary>
    TimeSpan SinceLastContact { get; }

    /// <summary>Lists and watches until it is cancelled.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}
