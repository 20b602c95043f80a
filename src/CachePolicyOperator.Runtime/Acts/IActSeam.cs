namespace CachePolicyOperator.Runtime.Acts;

/// <summary>The one seam that every external act goes through, so that a crash can be tried between any two.</summary>
public interface IActSeam
{
    /// <summary>Performs the act, and nothing else that could be seen from outside.</summary>
    Task<T> PerformAsync<T>(Act act, Func<CancellationToken, Task<T>> perform, CancellationToken cancellationToken);
}
