using k8s;
using k8s.Models;

namespace CachePolicyOperator.Runtime.Webhooks;

/// <summary>
/// Says yes or no to a change of an entity before it is stored. Allows everything that is not overridden.
/// </summary>
/// <remarks>Override the plain method, or the asynchronous one when something must be looked up.</remarks>
public abstract class ValidationWebhook<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    public virtual ValidationResult Create(TEntity entity, AdmissionContext context) => Success();

    public virtual Task<ValidationResult> CreateAsync(
        TEntity entity, AdmissionContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Create(entity, context));

    /// <summary>The old entity is null when what is stored cannot be read: such an object must be mendable.</summary>
    public virtual ValidationResult Update(TEntity? oldEntity, TEntity newEntity, AdmissionContext context) =>
        Success();

    /// <inheritdoc cref="Update"/>
    public virtual Task<ValidationResult> UpdateAsync(
        TEntity? oldEntity, TEntity newEntity, AdmissionContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Update(oldEntity, newEntity, context));

    public virtual ValidationResult Delete(TEntity entity, AdmissionContext context) => Success();

    public virtual Task<ValidationResult> DeleteAsync(
        TEntity entity, AdmissionContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Delete(entity, context));

    /// <summary>The object that was sent does not fit the type: refused, with the place.</summary>
    public virtual ValidationResult Unreadable(string error, AdmissionContext context) =>
        Fail($"the object cannot be read: {error}");

    /// <inheritdoc cref="Unreadable"/>
    public virtual Task<ValidationResult> UnreadableAsync(
        string error, AdmissionContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Unreadable(error, context));

    /// <summary>The object to be deleted does not fit the type: allowed, so that it can be got rid of.</summary>
    public virtual ValidationResult DeleteUnreadable(string error, AdmissionContext context) => Success();

    protected static ValidationResult Success(params IEnumerable<string> warnings) =>
        ValidationResult.Success(warnings);

    protected static ValidationResult Fail(string reason, int code = 422) => ValidationResult.Fail(reason, code);
}
