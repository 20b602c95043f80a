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
/// policy is changed first, or the page stays cacheable, and both must be somebody's decision. Who declares less is
/// told what is no longer personal, and what becomes cacheable by that.
/// </summary>
internal sealed class PersonalRoutesWebhook(
    IEntityStore<CachePolicy> policies, IEntityStore<V1ConfigMap> configMaps, PolicyExaminer examiner,
        PolicyProofs proofs,
    RevisionArchive archive, RevisionChanges changes, Neighbourhood neighbourhood, Authorship authorship)
    : ValidationWebhook<PersonalRoutes>
{
    private readonly StoreConfigMaps _configMaps = new(configMaps);

    public override Task<ValidationResult> CreateAsync(
        PersonalRoutes entity, AdmissionContext context, CancellationToken cancellationToken) =>
        AnswerAsync(context, cancellationToken);

    public override async Task<ValidationResult> UpdateAsync(
        PersonalRoutes? oldEntity, PersonalRoutes newEntity, AdmissionContext context,
            CancellationToken cancellationToken) =>
        oldEntity is not null && KubernetesJson.Serialize(oldEntity.Spec) == KubernetesJson.Serialize(newEntity.Spec)
            ? Success()
            : (await AnswerAsync(context, cancellationToken))
                .WithWarnings(oldEntity is null ? [] : Fewer(oldEntity, newEntity));

    /// <summary>Never refused: a namespace must go, and so must what was declared by mistake.</summary>
    public override async Task<ValidationResult> DeleteAsync(
        PersonalRoutes entity, AdmissionContext context, CancellationToken cancellationToken)
    {
        var fewer = Fewer(entity, null);
        try
        {
            var name = context.Name;
            List<(CachePolicy, Examination)> proven = [];
            await proofs.AnswerAsync(context.User.Name, token =>
            {
                foreach (var policy in policies.Where(p => p.Metadata.NamespaceProperty == context.Namespace
                    && PersonalBinding.Binds(entity.Spec?.Hosts ?? [], p)))
                {
                    token.ThrowIfCancellationRequested();
                    if (Examine(policy, new PersonalEdit(name, null)) is { IsProven: true } with)
                    {
                        proven.Add((policy, with));
                    }
                }

                return Success();
            }, cancellationToken);
            var (failure, changed) = await NoteAsync(proven, context, cancellationToken);
            return Success(fewer.Concat(changed).Concat(failure is null ? [] : [failure]));
        }
        catch (ProofsBusyException busy)
        {
            return Success(fewer.Append($"what becomes cacheable by this could not be told: {busy.Message}"));
        }
    }

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
            var (failure, changed) = answer.Valid ? await NoteAsync(proven, context, cancellationToken) : (null, []);
            return failure is null
                ? answer.WithWarnings(changed)
                : Fail(failure, StatusCodes.Status503ServiceUnavailable);
        }
        catch (ProofsBusyException busy)
        {
            return Fail($"what these routes do to the policies is not proven yet: {busy.Message}",
                StatusCodes.Status429TooManyRequests);
        }
    }

    /// <summary>Notes who wrote what a review is demanded of, and says what becomes cacheable.</summary>
    private async Task<(string? Failure, IReadOnlyList<string> Changed)> NoteAsync(
        List<(CachePolicy, Examination)> proven, AdmissionContext context, CancellationToken cancellationToken)
    {
        var changed = (await changes.AskAsync(
            context.User.Name, proven.Select(p => (p.Item1, p.Item2.Revision!)), cancellationToken))
            .Select(AdmissionText.Line).ToArray();
        foreach (var (policy, with) in proven)
        {
            if (await authorship.NoteAsync(
                NamespacedName.Of(policy), with.Set!, archive.FindInForce(policy), with.Revision!, context,
                cancellationToken) is { } failure)
            {
                return (failure, changed);
            }
        }

        return (null, changed);
    }

    private static IEnumerable<string> Fewer(PersonalRoutes old, PersonalRoutes? next)
    {
        static string[] Said(IEnumerable<object?>? items) =>
            [.. (items ?? []).Where(i => i is not null).Select(i => KubernetesJson.Serialize(i))];
        var routes = Said(old.Spec?.Routes).Except(Said(next?.Spec?.Routes), StringComparer.Ordinal).ToArray();
        var hosts = (old.Spec?.Hosts ?? []).Except(next?.Spec?.Hosts ?? [], StringComparer.OrdinalIgnoreCase).ToArray();
        if (routes.Length > 0 || hosts.Length > 0)
        {
            var what = next is null || hosts.Length > 0 ? $"for {string.Join(", ", hosts)}"
                : $"for {string.Join(", ", old.Spec?.Hosts ?? [])}";
            yield return AdmissionText.Line(Diagnostic.Warning(
                "personal/fewer", "spec",
                $"{(routes.Length > 0 ? string.Join(", ", routes) : "what is declared here")} is personal no more "
                    + $"{what}, as far as this object says: a policy may cache it from now on",
                "declare it again, if that was not meant"));
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
            .Where(p => p.Metadata.NamespaceProperty == context.Namespace
                && PersonalBinding.Binds(routes.Hosts.Items.Select(h => h.Value), p))
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

    /// <summary>What would be said of the policy, where it is proven now and would not be any more.</summary>
    private string? Refutes(
        CachePolicy policy, Core.Model.PersonalRoutes routes, List<(CachePolicy, Examination)> proven)
    {
        var with = Examine(policy, new PersonalEdit(routes.Name.Name, routes));
        if (with.IsProven)
        {
            proven.Add((policy, with));
            return null;
        }

        if (!Examine(policy, null).IsProven)
        {
            return null;
        }

        OperatorMeter.Refused(OperatorMeter.AtAdmission, with.Errors.Select(e => e.Code));
        return AdmissionText.Refusal(
            $"policy `{policy.Metadata.Name}` caches what these routes declare personal; change that policy first, "
                + "then declare them", with);
    }

    private Examination Examine(CachePolicy policy, PersonalEdit? edit)
    {
        var engine = archive.FindInForce(policy)?.Target.EngineVersion ?? RenderTarget.DefaultEngineVersion;
        return EntityDocuments.Examine(
            EntityDocuments.Of(policy), d => examiner.Examine(d, engine, originMayBeMissing: true, edit));
    }
}
