using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Core.Verification.Proving;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Entities.Documents;
using CachePolicyOperator.Entities.Reading;
using CachePolicyOperator.Operator.Revisions;
using CachePolicyOperator.Runtime.Abstractions;
using k8s.Models;
using PersonalRoutes = CachePolicyOperator.Core.Model.PersonalRoutes;
using PersonalRoutesEntity = CachePolicyOperator.Entities.PersonalRoutes;

namespace CachePolicyOperator.Operator.Policies;

/// <summary>
/// The way from a policy as written to its proof, the same for the webhook and the controller. They differ in one
/// thing: at admission the origin need not be there yet.
/// </summary>
internal sealed class PolicyExaminer(
    IEntityStore<PersonalRoutesEntity> personal,
    OriginTargets origins,
    IEntityStore<V1ConfigMap> configMaps,
    ManagedLimits limits,
    DeniedRevisions denied)
{
    private readonly StoreConfigMaps _configMaps = new(configMaps);

    /// <param name="edit">Personal routes to bind instead of the stored ones of that name; null changes none.</param>
    /// <param name="configMaps">Where what the policy refers to is looked for; null: among those that are
    /// stored.</param>
    public Examination Examine(
        Document document, string engineVersion, bool originMayBeMissing, PersonalEdit? edit = null,
        IConfigMaps? configMaps = null)
    {
        var read = PolicyReader.Read(document, configMaps ?? _configMaps);
        if (read.Value is not { } policy)
        {
            return new Examination(null, null, null, read.Diagnostics);
        }

        var (binding, unreadable) = Personal(policy.Name.Namespace, edit);
        var found = read.Diagnostics.Items.Concat(unreadable).Concat(limits.Check(policy.Cache)).ToList();
        var set = PolicySet.Bind(policy, binding);
        var (target, ofOrigins) = origins.Find(policy, engineVersion, originMayBeMissing);
        found.AddRange(ofOrigins);
        if (target is null || found.Any(d => d.Severity == Severity.Error))
        {
            return new Examination(set, null, null, found.ToEquatableList());
        }

        var proof = RevisionProver.Prove(set, target);
        var examination = new Examination(set, target, proof,
            found.Concat(proof.Verdict.Diagnostics.Items).Concat(Denied(policy, proof)).ToEquatableList());
        return examination.Admit(generation: 0) is { } admitted && RecordSize.Objection(admitted) is { } tooLarge
            ? examination with { Diagnostics = examination.Diagnostics.Items.Append(tooLarge).ToEquatableList() }
            : examination;
    }

    /// <summary>
    /// A proof says nothing of an origin that does not keep its word: what leaked once is not tried again.
    /// </summary>
    private IEnumerable<Diagnostic> Denied(Policy policy, Proof proof) =>
        proof.Revision is { } revision
        && (denied.Find(policy.Name.Namespace, revision.Digest)
            ?? denied.Find(policy.Name.Namespace, OriginBlind.DigestOf(revision.Text))) is { } known
            ? [
                Diagnostic.Error(
                    "revision/denied",
                    "spec",
                    known.Incident == DeniedRevision.ByTrial
                        ? $"revision `{revision.Digest.Abbreviated}` leaked to a probe of its trial on "
                            + $"{known.Since:yyyy-MM-dd}"
                        : $"revision `{revision.Digest.Abbreviated}` was in service when the cache leaked on "
                            + $"{known.Since:yyyy-MM-dd}, incident `{known.Incident}`",
                    "change the policy until another revision is proven, so that what leaked is not cached again"),
            ]
            : [];

    /// <summary>
    /// Names and versions of everything besides the policy that its proof depends on: equal where all of it is
    /// unchanged.
    /// </summary>
    public string VersionsOfInputs(CachePolicy policy)
    {
        var space = policy.Metadata.NamespaceProperty;
        var declared = personal.Where(p => p.Metadata.NamespaceProperty == space);
        var maps = declared.SelectMany(p => p.Spec?.Routes ?? [])
            .Concat(policy.Spec?.Personal?.Routes ?? [])
            .Select(r => r?.OpenAPI?.ConfigMap?.Name)
            .Append(policy.Spec?.Vcl?.ConfigMap?.Name)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal);
        return string.Join(' ',
        [
            .. declared.Select(p => $"{p.Metadata.Uid}:{p.Metadata.ResourceVersion}"),
            .. personal.Unreadable.Where(u => u.Key.Namespace == space)
                .Select(u => $"{u.Key.Name}:{u.ResourceVersion}"),
            denied.VersionOf(space),
            .. maps.Select(m => $"{m}:{configMaps.Find(new NamespacedName(space, m))?.Metadata.ResourceVersion}"),
            .. origins.Versions(policy),
        ]);
    }

    private (IReadOnlyList<PersonalRoutes> Binding, IReadOnlyList<Diagnostic> Unreadable) Personal(
        string inNamespace, PersonalEdit? edit)
    {
        List<PersonalRoutes> binding = edit?.Next is { } next ? [next] : [];
        var unreadable = personal.Unreadable
            .Where(u => u.Key.Namespace == inNamespace && u.Key.Name != edit?.Name)
            .Select(u => Unreadable(u.Key.Name, u.Error))
            .ToList();
        foreach (var entity in personal.Where(p => p.Metadata.NamespaceProperty == inNamespace
            && p.Metadata.Name != edit?.Name))
        {
            var read = PersonalRoutesReader.Read(entity, _configMaps);
            if (read.Value is { } routes)
            {
                binding.Add(routes);
            }
            else
            {
                unreadable.Add(Unreadable(entity.Metadata.Name, read.Diagnostics.Items[0].ToString()));
            }
        }

        return (binding, unreadable);
    }

    // What somebody declared personal and we cannot read may be anything: nothing is proven against it.
    private static Diagnostic Unreadable(string name, string why) => Diagnostic.Error(
        "personal/unreadable",
        $"{PersonalRoutesEntity.KubePluralName}/{name}",
        $"these personal routes cannot be read, so no proof can take them into account: {why}",
        $"mend or remove `{PersonalRoutesEntity.KubeKind}` `{name}`");
}
