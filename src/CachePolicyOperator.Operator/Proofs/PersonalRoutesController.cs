using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Entities.Reading;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Operator.Proofs;

/// <summary>
/// Owns the status of <see cref="PersonalRoutes"/>: whether they were read, and which policies they bind.
/// </summary>
internal sealed class PersonalRoutesController(
    IEntityStore<CachePolicy> policies,
    IEntityStore<V1ConfigMap> configMaps,
    Neighbourhood neighbourhood,
    ResourceWriter writer,
    TimeProvider time)
    : IEntityController<PersonalRoutes>
{
    private readonly StoreConfigMaps _configMaps = new(configMaps);

    public async Task<ReconciliationResult<PersonalRoutes>> ReconcileAsync(
        PersonalRoutes entity, CancellationToken cancellationToken)
    {
        var documents = EntityDocuments.Of(entity);
        var read = documents.Documents.Count == 1
            ? PersonalRoutesReader.Read(documents.Documents[0], _configMaps)
            : new ReadResult<Core.Model.PersonalRoutes>(null, documents.Diagnostics);
        var bound = read.Value is null ? [] : Bound(entity, read.Value);
        var around = read.Value is { } routes && neighbourhood.BindsNothing(routes) is { } odd
            ? [odd]
            : Array.Empty<Diagnostic>();
        var error = read.Diagnostics.Items.FirstOrDefault(d => d.Severity == Severity.Error);
        var status = new PersonalRoutesStatus
        {
            ObservedGeneration = entity.Metadata.Generation,
            Policies = bound,
            Diagnostics = [.. read.Diagnostics.Items.Concat(around).Take(50).Select(DiagnosticStatus.From)],
            Conditions =
            [
                StatusConditions.Of(
                    entity.Status?.Conditions,
                    PolicyConditions.Accepted,
                    error is null,
                    error is null ? "Accepted" : "Invalid",
                    error?.ToString() ?? $"{bound.Count} policies are bound",
                    entity.Metadata.Generation,
                    time.GetUtcNow()),
            ],
        };
        if (KubernetesJson.Serialize(status) != KubernetesJson.Serialize(entity.Status ?? new PersonalRoutesStatus()))
        {
            await writer.ApplyStatusAsync(
                new PersonalRoutes
                {
                    Metadata = new V1ObjectMeta
                    {
                        Name = entity.Metadata.Name,
                        NamespaceProperty = entity.Metadata.NamespaceProperty
                    },
                    Spec = null!,
                    Status = status,
                },
                cancellationToken);
        }

        return ReconciliationResult<PersonalRoutes>.Success(entity);
    }

    public Task<ReconciliationResult<PersonalRoutes>> DeletedAsync(
        PersonalRoutes entity, CancellationToken cancellationToken) =>
        Task.FromResult(ReconciliationResult<PersonalRoutes>.Success(entity));

    private List<string> Bound(PersonalRoutes entity, Core.Model.PersonalRoutes routes) =>
    [
        .. policies
            .Where(p => p.Metadata.NamespaceProperty == entity.Metadata.NamespaceProperty
                && PersonalBinding.Binds(routes.Hosts.Items.Select(h => h.Value), p))
            .Select(p => p.Metadata.Name),
    ];
}
