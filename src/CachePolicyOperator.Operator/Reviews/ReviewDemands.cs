using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Entities.Reading;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Operator.Revisions;
using CachePolicyOperator.Runtime.Abstractions;
using k8s.Models;
using PersonalRoutesEntity = CachePolicyOperator.Entities.PersonalRoutes;

namespace CachePolicyOperator.Operator.Reviews;

/// <summary>Who must review what comes of a policy as it is written now.</summary>
internal sealed class ReviewDemands(
    IEntityStore<PersonalRoutesEntity> personal, IEntityStore<V1ConfigMap> configMaps, RevisionArchive archive)
{
    private readonly StoreConfigMaps _configMaps = new(configMaps);

    /// <summary>Of everybody who demands reviews of it, now or by what is in force.</summary>
    public IReadOnlyList<ReviewSettings> Of(CachePolicy policy)
    {
        if (PolicyReader.Read(policy, _configMaps).Value is not { } own)
        {
            return [];
        }

        var binding = personal.Where(p => p.Metadata.NamespaceProperty == policy.Metadata.NamespaceProperty)
            .Select(p => PersonalRoutesReader.Read(p, _configMaps).Value)
            .OfType<Core.Model.PersonalRoutes>();
        return ReviewDesk.Demands(PolicySet.Bind(own, binding), archive.FindInForce(policy));
    }
}
