using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Metrics;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Operator.Proofs;
using CachePolicyOperator.Operator.Reviews;
using CachePolicyOperator.Operator.Revisions;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Webhooks;
using k8s.Models;

namespace CachePolicyOperator.Operator.Webhooks;

/// <summary>
/// Refuses an edit of hand-written VCL after which a policy that is proven now would not be, with the request and the
/// line. What mends a policy that is not proven gets in, step by step, and is told what is left.
/// </summary>
internal sealed class VclWebhook(
    IEntityStore<CachePolicy> policies, IEntityStore<V1ConfigMap> configMaps, PolicyExaminer examiner,
    PolicyProofs proofs, RevisionArchive archive, RevisionChanges changes, Authorship authorship)
    : ValidationWebhook<V1ConfigMap>
{
    private readonly StoreConfigMaps _configMaps = new(configMaps);

    public override Task<ValidationResult> CreateAsync(
        V1ConfigMap entity, AdmissionContext context, CancellationToken cancellationToken) =>
        AnswerAsync(entity, context, cancellationToken);

    public override async Task<ValidationResult> UpdateAsync(
        V1ConfigMap? oldEntity, V1ConfigMap newEntity, AdmissionContext context, CancellationToken cancellationToken) =>
        oldEntity is not null && IsSame(StoreConfigMaps.TextsOf(oldEntity), StoreConfigMaps.TextsOf(newEntity))
            ? Success()
            : await AnswerAsync(newEntity, context, cancellationToken);

    // Not ours to refuse: whatever it is, the controller reads it again.
    public override ValidationResult Unreadable(string error, AdmissionContext context) => Success();

    private static bool IsSame(IReadOnlyDictionary<string, string> old, IReadOnlyDictionary<string, string> next) =>
        old.Count == next.Count && old.All(t => next.TryGetValue(t.Key, out var text) && text == t.Value);

    private async Task<ValidationResult> AnswerAsync(
        V1ConfigMap map, AdmissionContext context, CancellationToken cancellationToken)
    {
        map.Metadata.NamespaceProperty = context.Namespace;
        CachePolicy[] naming = [.. policies.Where(p => p.Metadata.NamespaceProperty == context.Namespace
            && p.Spec?.Vcl?.ConfigMap?.Name == map.Metadata.Name)];
        if (naming.Length == 0)
        {
            return Success();
        }

        try
        {
            List<(CachePolicy, Examination)> proven = [];
            var answer = await proofs.AnswerAsync(
                context.User.Name, token => Answer(map, naming, proven, token), cancellationToken);
            var sound = answer.Valid ? proven : [];
            var changed = (await changes.AskAsync(
                context.User.Name, sound.Select(p => (p.Item1, p.Item2.Revision!)), cancellationToken))
                .Select(AdmissionText.Line).ToArray();
            foreach (var (policy, with) in sound)
            {
                if (await authorship.NoteAsync(
                    NamespacedName.Of(policy), with.Set!, archive.FindInForce(policy), with.Revision!, context,
                    cancellationToken) is { } failure)
                {
                    return Fail(failure, StatusCodes.Status503ServiceUnavailable);
                }
            }

            return answer.WithWarnings(changed);
        }
        catch (ProofsBusyException busy)
        {
            return Fail($"what this VCL does is not proven yet: {busy.Message}", StatusCodes.Status429TooManyRequests);
        }
    }

    private ValidationResult Answer(
        V1ConfigMap map, CachePolicy[] naming, List<(CachePolicy, Examination)> proven,
        CancellationToken cancellationToken)
    {
        var replaced = new ReplacedConfigMap(_configMaps, map);
        List<string> refused = [];
        List<string> warnings = [];
        foreach (var policy in naming)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var engine = archive.FindInForce(policy)?.Target.EngineVersion ?? RenderTarget.DefaultEngineVersion;
            Examination Examine(ReplacedConfigMap? maps) => EntityDocuments.Examine(
                EntityDocuments.Of(policy),
                d => examiner.Examine(d, engine, originMayBeMissing: true, configMaps: maps));
            var with = Examine(replaced);
            warnings.AddRange(with.Warnings.Select(AdmissionText.Line));
            if (with.IsProven)
            {
                proven.Add((policy, with));
            }
            else if (Examine(null).IsProven)
            {
                OperatorMeter.Refused(OperatorMeter.AtAdmission, with.Errors.Select(e => e.Code));
                refused.Add(AdmissionText.Refusal(
                    $"with this VCL policy `{policy.Metadata.Name}` is not proven any more", with));
            }
            else
            {
                warnings.AddRange(with.Errors.Select(AdmissionText.Line));
            }
        }

        return refused.Count == 0 ? Success(warnings) : Fail(string.Join("\n", refused)).WithWarnings(warnings);
    }
}
