using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Agents;
using CachePolicyOperator.Operator.Incidents;
using CachePolicyOperator.Operator.Metrics;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Operator.Revisions;
using CachePolicyOperator.Runtime.Abstractions;

namespace CachePolicyOperator.Operator.Trials;

/// <summary>
/// Ends trials: writes down what the canaries came to, and what people order. Everything else follows from what is
/// written: which pod serves with what is decided by the rollout, and whether a digest may be tried at all by its
/// proof.
/// </summary>
internal sealed class TrialController(
    SituationGatherer gatherer,
    RevisionArchive archive,
    DeniedRevisions denied,
    PolicyCommands commands,
    AgentSessionPool pool,
    EntityQueue<CachePolicy> queue,
    EventPublisher publish) : IEntityController<CachePolicy>
{
    public async Task<ReconciliationResult<CachePolicy>> ReconcileAsync(
        CachePolicy entity, CancellationToken cancellationToken)
    {
        var situation = await gatherer.GatherAsync(entity, cancellationToken);
        if (situation.InForce?.Trial is { IsOpen: true } trial && situation.Decide().Trial is { } judgement)
        {
            await ConcludeAsync(entity, trial, judgement, cancellationToken);
        }

        // INVARIANT: what a probe met is written down before anybody may promote it.
        await ObeyAsync(entity, cancellationToken);
        return ReconciliationResult<CachePolicy>.Success(entity);
    }

    public Task<ReconciliationResult<CachePolicy>> DeletedAsync(
        CachePolicy entity, CancellationToken cancellationToken) =>
        Task.FromResult(ReconciliationResult<CachePolicy>.Success(entity));

    /// <summary>Carries out what is ordered by annotation, once.</summary>
    private async Task ObeyAsync(CachePolicy entity, CancellationToken cancellationToken)
    {
        if (PolicyCommands.Find(entity, PolicyAnnotations.Rollout) is not { } word
            // Which pods met what is not known yet; the sessions wake this controller when it is.
            || (word.Trim() == TrialCommand.Promote && !pool.Knows(NamespacedName.Of(entity)))
            || !await commands.StillAsksAsync(entity, PolicyAnnotations.Rollout, cancellationToken))
        {
            return;
        }

        var by = PolicyCommands.By(
            await commands.WhoAsync(entity, PolicyAnnotations.Rollout, cancellationToken));
        var answer = new TrialAnswer(null, $"nothing is in force, so there is nothing to {word}");
        await archive.ChangeAsync(
            entity,
            known => (answer = Unless(Denied(entity, known, word), TrialCommand.Carry(word, known, by))).Next ?? known,
            cancellationToken);
        await publish(
            entity, answer.Next is null ? "RolloutOrderRefused" : "RolloutOrdered", answer.Message,
            answer.Next is null ? EventType.Warning : EventType.Normal, cancellationToken);
        await commands.ForgetRolloutAsync(entity, cancellationToken);
        queue.Add(NamespacedName.Of(entity));
    }

    private static TrialAnswer Unless(string? refusal, TrialAnswer answer) =>
        refusal is not null && answer.Next is not null ? new TrialAnswer(null, refusal) : answer;

    /// <summary>What leaked since it served is not taken back to.</summary>
    private string? Denied(CachePolicy entity, InForce known, string word) =>
        word.Trim() == TrialCommand.Undo
        && known.Before is { } before
        && Digests(entity, before.Revision).Items.Select(d => denied.Find(entity.Metadata.NamespaceProperty, d))
            .OfType<DeniedRevision>().FirstOrDefault() is { } leaked
            ? $"revision {before.Revision.Abbreviated}, which served before, leaked on {leaked.Since:yyyy-MM-dd} and "
                + "is denied"
            : null;

    private async Task ConcludeAsync(
        CachePolicy entity, Trial trial, TrialJudgement judgement, CancellationToken cancellationToken)
    {
        var revision = trial.Candidate.Revision;
        if (judgement.Outcome == TrialOutcome.Leaked)
        {
            // INVARIANT: what leaked is denied before its trial is over, so that nothing begins it again.
            await denied.DenyAsync(
                entity.Metadata.NamespaceProperty, Digests(entity, revision), DeniedRevision.ByTrial,
                    cancellationToken);
            var why = $"a probe met a leak: {judgement.Note}";
            await archive.ChangeAsync(
                entity, known => IsStill(known, trial) ? TrialGate.Stand(known, TrialStanding.Failed, why) : known,
                cancellationToken);
            OperatorMeter.Tried("leaked");
            await publish(
                entity, "TrialFailed",
                $"revision {revision.Abbreviated} leaked to a probe and is denied; no page of anybody was shown: "
                    + $"{judgement.Note}",
                EventType.Warning, cancellationToken);
            queue.Add(NamespacedName.Of(entity));
        }
        else if (judgement.Outcome == TrialOutcome.Passed && trial.Standing == TrialStanding.Running)
        {
            await archive.ChangeAsync(
                entity, known => IsStill(known, trial) ? TrialGate.Pass(known) : known, cancellationToken);
            OperatorMeter.Tried("passed");
            await publish(
                entity, "TrialPassed", $"revision {revision.Abbreviated} goes to all pods: {judgement.Progress(trial)}",
                EventType.Normal, cancellationToken);
            queue.Add(NamespacedName.Of(entity));
        }
    }

    private static bool IsStill(InForce known, Trial trial) =>
        known.Trial is { IsOpen: true } now && now.Id == trial.Id;

    /// <summary>With the digest by which it is known again where its origin is elsewhere.</summary>
    private EquatableList<Digest> Digests(CachePolicy entity, Digest revision) =>
        archive.FindRevision(entity, revision) is { } package
            ? [OriginBlind.DigestOf(package.Vcl), revision]
            : [revision];
}
