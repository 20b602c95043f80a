using k8s;
using k8s.Models;

namespace CachePolicyOperator.Runtime.Abstractions;

/// <summary>How one reconciliation ended, and when the controller wants to look again.</summary>
public sealed record ReconciliationResult<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private ReconciliationResult(TEntity? entity, string? errorMessage, Exception? error, TimeSpan? requeueAfter)
    {
        Entity = entity;
        ErrorMessage = errorMessage;
        Error = error;
        RequeueAfter = requeueAfter;
    }

    public TEntity? Entity { get; }

    public string? ErrorMessage { get; }

    public Exception? Error { get; }

    public TimeSpan? RequeueAfter { get; }

    public bool IsSuccess => ErrorMessage is null;

    public bool IsFailure => !IsSuccess;

    /// <summary>The world agrees with the entity; look again when it changes, or after the given time.</summary>
    public static ReconciliationResult<TEntity> Success(TEntity? entity, TimeSpan? requeueAfter = null) =>
        new(entity, null, null, requeueAfter);

    /// <summary>Not there yet; try again after the given time, or with a growing delay.</summary>
    public static ReconciliationResult<TEntity> Failure(
        TEntity? entity, string errorMessage, Exception? error = null, TimeSpan? requeueAfter = null) =>
        new(entity, errorMessage ?? throw new ArgumentNullException(nameof(errorMessage)), error, requeueAfter);
}
