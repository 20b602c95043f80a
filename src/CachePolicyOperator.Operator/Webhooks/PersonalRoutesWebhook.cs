using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Entities.Reading;
using CachePolicyOperator.Operator.Metrics;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Operator.Proofs;
using CachePolicyOperator.Operator.Reviews;
using CachePolicyOperator.Operator.Revisions;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Webhooks;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Operator.Webhooks;

/// <summary>
/// Refuses personal routes that cannot be read, and those that contradict a policy that is proven now: either the
/// policy is changed first, or the page stays cacheable, and both must be somebody's decision.
/// </summary>
internal sealed class PersonalRoutesWebhook(
    IEntityStore<CachePolicy> policies, IEntityStore<V1ConfigMap> configMaps, PolicyExaminer examiner, PolicyProofs proofs,
    RevisionArchive archive, Neighbourhood neighbourhood, Authorship authorship)
    : ValidationWebhook<PersonalRoutes>
{
    private readonly StoreConfigMaps _configMaps = new(configMaps);

    public override Task<ValidationResult> CreateAsync(
        PersonalRoutes entity, AdmissionContext context, CancellationToken cancellationToken) =>
        AnswerAsync(context, cancellationToken);

    public override async Task<ValidationResult> UpdateAsync(
        PersonalRoutes? oldEntity, PersonalRoutes newEntity, AdmissionContext context, CancellationToken cancellationToken) =>
        oldEntity is not null && KubernetesJson.Serialize(oldEntity.Spec) == KubernetesJson.Serialize(newEntity.Spec)
            ? Success()
            : await AnswerAsync(context, cancellationToken);

    public override async Task<ValidationResult> UnreadableAsync(
        string error, AdmissionContext context, CancellationToken cancellationToken)
    {
        var answer = await AnswerAsync(context, cancellationToken);
        return answer.Valid ? Fail($"the object cannot be read: {error}") : answer;
    }

    private async Task<ValidationResult> AnswerAsync(AdmissionContext context, CancellationToken cancellationToken)
    {
        try
        {
            List<(CachePolicy, Examination)> proven = [];
            var answer = await proofs.AnswerAsync(
                context.User.Name, token => Answer(context, proven, token), cancellationToken);
            foreach (var (policy, with) in answer.Valid ? proven : [])
            {
                if (await authorship.NoteAsync(
                    NamespacedName.Of(policy), with.Set!, archive.FindInForce(policy), with.Revision!, context,
                    cancellationToken) is { } failure)
                {
                    return Fail(failure, StatusCodes.Status503ServiceUnavailable);
                }
            }

            return answer;
        }
        catch (ProofsBusyException busy)
        {
            return Fail($"what these routes do to the policies is not proven yet: {busy.Message}", StatusCodes.Status429TooManyRequests);
        }
    }

    private ValidationResult Answer(
        AdmissionContext context, List<(CachePolicy, Examination)> proven, CancellationToken cancellationToken)
    {
        var documents = EntityDocuments.Of(context.NewObject);
        if (documents.Documents.Count != 1)
        {
            return Refuse(documents.Diagnostics);
        }

        var read = PersonalRoutesReader.Read(documents.Documents[0], _configMaps);
        if (read.Value is not { } routes)
        {
            return Refuse(read.Diagnostics);
        }

        var refuted = policies
            .Where(p => p.Metadata.NamespaceProperty == context.Namespace && Binds(routes, p))
            .Select(p =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                return Refutes(p, routes, proven);
            })
            .OfType<string>()
            .ToArray();
        var around = neighbourhood.BindsNothing(routes) is { } odd ? [odd] : Array.Empty<Diagnostic>();
        var warnings = read.Diagnostics.Items.Where(d => d.Severity == Severity.Warning).Concat(around)
            .Select(AdmissionText.Line)
            .ToArray();
        return refuted.Length == 0 ? Success(warnings) : Fail(string.Join("\n", refuted)).WithWarnings(warnings);
    }

    private static ValidationResult Refuse(EquatableList<Diagnostic> diagnostics)
    {
        var examination = new Examination(null, null, null, diagnostics);
        OperatorMeter.Refused(OperatorMeter.AtAdmission, examination.Errors.Select(e => e.Code));
        return Fail(AdmissionText.Refusal("the personal routes are refused", examination));
    }

    // Without hosts that can be read, a policy is bound by nothing and proven by nobody.
    private static bool Binds(Core.Model.PersonalRoutes routes, CachePolicy policy) =>
        policy.Spec?.Hosts?.Any(h => h is not null && routes.Hosts.Items.Any(r => r.Value.Equals(h, StringComparison.OrdinalIgnoreCase))) == true;

    /// <summary>What would be said of the policy, where it is proven now and would not be any more.</summary>
    private string? Refutes(
        CachePolicy policy, Core.Model.PersonalRoutes routes, List<(CachePolicy, Examination)> proven)
    {
        var engine = archive.FindInForce(policy)?.Target.EngineVersion ?? RenderTarget.DefaultEngineVersion;
        Examination Examine(Core.Model.PersonalRoutes? replaced) => EntityDocuments.Examine(
            EntityDocuments.Of(policy), d => examiner.Examine(d, engine, originMayBeMissing: true, replaced));
        var with = Examine(routes);
        if (with.IsProven)
        {
            proven.Add((policy, with));
            return null;
        }

        if (!Examine(null).IsProven)
        {
            return null;
        }

        OperatorMeter.Refused(OperatorMeter.AtAdmission, with.Errors.Select(e => e.Code));
        return AdmissionText.Refusal(
            $"policy `{policy.Metadata.Name}` caches what these routes declare personal; change that policy first, then declare them", with);
    }
}
