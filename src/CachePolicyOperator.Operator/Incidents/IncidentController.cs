using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Incidents;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Agents;
using CachePolicyOperator.Operator.Entries;
using CachePolicyOperator.Operator.Metrics;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Operator.Revisions;
using CachePolicyOperator.Runtime.Abstractions;
using k8s;

namespace CachePolicyOperator.Operator.Incidents;

/// <summary>
/// Owns the incidents and the condition Incident. On a sign it stores the intent first, as an incident; everything else
/// follows from that, here and in the other controllers, also after a crash between any two acts.
/// </summary>
internal sealed class IncidentController(
    IncidentBook book,
    IncidentStory story,
    RevisionArchive archive,
    PolicyEntries entries,
    CacheWatch watch,
    SituationGatherer gatherer,
    AgentSessionPool pool,
    EntityQueue<CachePolicy> queue,
    PolicyCommands commands,
    DeniedRevisions denied,
    PolicyStatusWriter status,
    EventPublisher publish,
    TimeProvider time) : IEntityController<CachePolicy>
{
    public async Task<ReconciliationResult<CachePolicy>> ReconcileAsync(
        CachePolicy entity, CancellationToken cancellationToken)
    {
        // First, for it waits until there is a key: nothing that is sealed can be read before.
        var incidents = await book.OfAsync(entity, cancellationToken);
        var inForce = archive.FindInForce(entity);
        var accounts = pool.Of(NamespacedName.Of(entity)).Select(s => s.Account).ToEquatableList();
        var by = await commands.WhoAsync(entity, PolicyAnnotations.Fallback, cancellationToken);
        var facts = Facts(entity, inForce, accounts, incidents, by);
        if (IncidentPlanner.Decide(facts, time.GetUtcNow()) is { } intent)
        {
            // INVARIANT: the intent is in the cluster before anything is done about it.
            await StoreAsync(entity, intent, incidents, cancellationToken);
            incidents = await book.OfAsync(entity, cancellationToken);
            queue.Add(NamespacedName.Of(entity));
        }

        if (PolicyCommands.NoteOnFallback(entity) is { } note
            && await commands.StillAsksAsync(entity, PolicyAnnotations.Fallback, cancellationToken))
        {
            await publish(entity, "FallbackWord", note, EventType.Warning, cancellationToken);
        }

        await commands.ForgetFallbackAsync(entity, cancellationToken);
        if (inForce is null || pool.Knows(NamespacedName.Of(entity)))
        {
            incidents = await story.TellAsync(entity, inForce, accounts, incidents, cancellationToken);
        }

        await DenyAsync(entity, incidents, cancellationToken);
        incidents = await AnswerReturnAsync(entity, inForce, incidents, cancellationToken);
        (incidents, var again) = await EndOutagesAsync(entity, inForce, incidents, cancellationToken);
        await WriteAsync(entity, incidents, cancellationToken);
        return ReconciliationResult<CachePolicy>.Success(entity, again);
    }

    public Task<ReconciliationResult<CachePolicy>> DeletedAsync(
        CachePolicy entity, CancellationToken cancellationToken) =>
        Task.FromResult(ReconciliationResult<CachePolicy>.Success(entity));

    private IncidentFacts Facts(
        CachePolicy entity, InForce? inForce, EquatableList<PodAccount> accounts,
            IReadOnlyList<CacheIncident> incidents,
        string? by) => new(new ResourceName(entity.Metadata.NamespaceProperty, entity.Metadata.Name),
        inForce?.OnGuard ?? GuardSettings.Default,
        inForce?.Fallback ?? FallbackSettings.Default,
        SituationGatherer.LevelOf(entity.Status),
        Digest.Read(entity.Status?.Revision?.Active) ?? inForce?.Revision,
        incidents.Select(IncidentEntities.Read).ToEquatableList(),
        accounts,
        PolicyCommands.Fallback(entity, by),
        entries.MovedByHand(entity, inForce),
        inForce is null ? null : watch.Outage(entity, inForce));

    private async Task StoreAsync(
        CachePolicy entity, IncidentIntent intent, IReadOnlyList<CacheIncident> incidents,
            CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var incident = intent.IsNew
            ? await book.OpenAsync(entity, intent, cancellationToken)
            : incidents.First(i => i.Metadata.Name == intent.Name);
        var record = IncidentEntities.ReadRecord(incident);
        foreach (var sign in intent.Signs)
        {
            record = sign.Source is { } source ? record.StandFor(source) : record;
            // When it was noticed; the agents' own lines say when it happened.
            record = record.AddOnce(
                new TimelineEntry(now, TimelineEntry.Operator,
                $"{(intent.IsNew ? "incident opened" : "again")}: {sign.Message}"));
        }

        var updated = Copy(incident.Status);
        updated.Phase ??= IncidentEntities.Open;
        updated.Level = intent.Level.ToString();
        updated.Revisions = [.. intent.Revisions.Items.Select(r => r.ToString())
            .Except(incident.Spec.Revisions ?? [], StringComparer.Ordinal)];
        IncidentEntities.Write(record, updated);
        await book.WriteAsync(incident, updated, cancellationToken);
        if (intent.IsNew)
        {
            OperatorMeter.Opened(intent.Signs[0].Trigger);
            await publish(
                entity, "IncidentOpened", $"incident `{intent.Name}`: {intent.Signs[0].Message}; level {intent.Level}",
                    EventType.Warning, cancellationToken);
        }
    }

    /// <summary>What leaked is denied beyond the life of the incident that tells of it.</summary>
    private async Task DenyAsync(
        CachePolicy entity, IReadOnlyList<CacheIncident> incidents, CancellationToken cancellationToken)
    {
        foreach (var leak in incidents.Select(IncidentEntities.Read)
            .Where(i => i is { IsOpen: true, Level: not CacheLevel.Cached } && i.Sources.Items.Any(s => s.Leak > 0)))
        {
            await denied.DenyAsync(entity.Metadata.NamespaceProperty, WhereverTheOriginIs(entity, leak.Revisions),
                leak.Name, cancellationToken);
        }
    }

    /// <summary>
    /// With the digests by which a revision is known again that differs in its origin's address alone.
    /// </summary>
    private EquatableList<Digest> WhereverTheOriginIs(CachePolicy entity, EquatableList<Digest> revisions) =>
        revisions.Items
            .Where(r => denied.Find(entity.Metadata.NamespaceProperty, r) is null)
            .Select(r => archive.FindRevision(entity, r))
            .OfType<RevisionPackage>()
            .Select(p => OriginBlind.DigestOf(p.Vcl))
            .Concat(revisions.Items)
            .ToEquatableList();

    private async Task<IReadOnlyList<CacheIncident>> AnswerReturnAsync(
        CachePolicy entity, InForce? inForce, IReadOnlyList<CacheIncident> incidents,
            CancellationToken cancellationToken)
    {
        if (PolicyCommands.Return(entity) is not { } asked
            || !await commands.StillAsksAsync(entity, PolicyAnnotations.Return, cancellationToken))
        {
            return incidents;
        }

        // Only what is proven for the spec as it is now: an older proof may be of a policy that somebody has since
        // taken back.
        var proven = inForce is not null
            && inForce.Generation == entity.Metadata.Generation
            && entity.Status.Find(PolicyConditions.Proven) is { Status: "True" } condition
            && condition.ObservedGeneration == entity.Metadata.Generation
                ? inForce.Revision
                : (Digest?)null;
        var waiting = entity.Status.Find(PolicyConditions.Reviewed) is { Status: "False" }
            ? Digest.Read(entity.Status?.Review?.Revision)
            : null;
        var answer = ReturnGate.Decide(
            asked, proven, incidents.Select(IncidentEntities.Read), waiting == proven ? null : waiting);
        var by = PolicyCommands.By(await commands.WhoAsync(entity, PolicyAnnotations.Return, cancellationToken));
        var now = time.GetUtcNow();
        foreach (var incident in incidents.Where(IncidentEntities.IsOpen))
        {
            var updated = Copy(incident.Status);
            if (answer.Closes.Contains(incident.Metadata.Name))
            {
                (updated.Phase, updated.ReturnedWith, updated.ReturnedAt) = (
                    IncidentEntities.Returned, answer.Digest?.ToString(), StatusConditions.Precise(now));
            }

            IncidentEntities.Write(
                IncidentEntities.ReadRecord(incident)
                    .Add(new TimelineEntry(now, TimelineEntry.Operator, $"{answer.Message}; {by}")), updated);
            await book.WriteAsync(incident, updated, cancellationToken);
        }

        await publish(
            entity,
            answer.IsGranted ? "ReturnGranted" : "ReturnRefused",
            $"{answer.Message}; {by}",
            answer.IsGranted ? EventType.Normal : EventType.Warning,
            cancellationToken);
        await commands.ForgetReturnAsync(entity, cancellationToken);
        queue.Add(NamespacedName.Of(entity));
        return await book.OfAsync(entity, cancellationToken);
    }

    /// <summary>Cache pods that answer again, and have for a while, end what nothing but their absence began.</summary>
    private async Task<(IReadOnlyList<CacheIncident> Incidents, TimeSpan? LookAgainAfter)> EndOutagesAsync(
        CachePolicy entity, InForce? inForce, IReadOnlyList<CacheIncident> incidents,
            CancellationToken cancellationToken)
    {
        var read = incidents.Select(IncidentEntities.Read).ToEquatableList();
        if (inForce is null || !read.Items.Any(i => i is { IsOpen: true, IsOutage: true }))
        {
            return (incidents, null);
        }

        var situation = await gatherer.GatherAsync(entity, cancellationToken);
        var sight = watch.Look(entity, inForce, situation.Decide()).Sight;
        var now = time.GetUtcNow();
        var answer = OutagePlanner.Decide(read, sight.MayTake ? sight.FitSince : null, now);
        foreach (var incident in incidents.Where(i => answer.Closes.Contains(i.Metadata.Name)))
        {
            var message = $"{(sight.Programmed == 1 ? "one cache pod is" : $"{sight.Programmed} cache pods are")} "
                + "programmed and ready again; the outage is over";
            var updated = Copy(incident.Status);
            (updated.Phase, updated.ReturnedAt) = (IncidentEntities.Closed, StatusConditions.Precise(now));
            IncidentEntities.Write(IncidentEntities.ReadRecord(incident)
                .Add(new TimelineEntry(now, TimelineEntry.Operator, message)), updated);
            await book.WriteAsync(incident, updated, cancellationToken);
            await publish(entity, "IncidentClosed", $"incident `{incident.Metadata.Name}`: {message}", EventType.Normal,
                cancellationToken);
        }

        if (answer.Closes.Count > 0)
        {
            queue.Add(NamespacedName.Of(entity));
            incidents = await book.OfAsync(entity, cancellationToken);
        }

        return (incidents, answer.LookAgainAfter);
    }

    private Task<bool> WriteAsync(
        CachePolicy entity, IReadOnlyList<CacheIncident> incidents, CancellationToken cancellationToken)
    {
        var level = LevelPlanner.Decide(
            SituationGatherer.LevelOf(entity.Status), incidents.Select(IncidentEntities.Read));
        var holder = incidents
            .Where(IncidentEntities.IsOpen)
            // One that ends by itself is not the one to name beside one that does not: what is named is missed when it
            // is gone.
            .OrderBy(i => IncidentEntities.Read(i).IsOutage)
            .ThenByDescending(i => IncidentEntities.Read(i).Level)
            .FirstOrDefault();
        var name = holder?.Metadata.Name ?? level.HeldBy.Items.FirstOrDefault();
        return status.WriteAsync(
            entity,
            StatusPart.Incident,
            new CachePolicyStatus
            {
                LevelWanted = level.Level.ToString(),
                Incident = name,
                Fallback = holder is null || level.Level == CacheLevel.Cached
                    // Not left out: the API server of Kubernetes 1.20 makes a null of an object whose last field an
                    // apply gives up.
                    ? new FallbackStatus { Level = nameof(CacheLevel.Cached) }
                    : new FallbackStatus
                    {
                        Level = level.Level.ToString(),
                        Reason = holder.Spec.Trigger?.Reason,
                        OrderedBy = holder.Spec.Trigger is { Pod: { } pod } ? TimelineEntry.Agent(pod)
                            : IncidentEntities.Read(holder).Trigger is { Length: > 0 } trigger ? trigger : "unknown",
                        Since = holder.Spec.Trigger?.Time,
                        Incident = holder.Metadata.Name,
                    },
                Conditions =
                [
                    StatusConditions.Of(
                        entity.Status?.Conditions,
                        PolicyConditions.Incident,
                        holder is not null,
                        holder is null ? "None" : "Open",
                        holder is null
                            ? "no incident is open"
                            : $"incident `{name}`: {Said(holder)}",
                        entity.Metadata.Generation,
                        time.GetUtcNow()),
                ],
            },
            cancellationToken);
    }

    /// <summary>
    /// What was said last of it; that nobody can vouch for it, and how it ends, is never overtaken by more.
    /// </summary>
    private static string? Said(CacheIncident incident) =>
        IncidentEntities.DistrustOf(incident)?.Message
        ?? incident.Status?.Timeline?.LastOrDefault(t => t.Actor == TimelineEntry.Operator)?.What
        ?? incident.Spec.Trigger?.Reason;

    internal static CacheIncidentStatus Copy(CacheIncidentStatus? status) =>
        status is null
            ? new CacheIncidentStatus()
            : KubernetesJson.Deserialize<CacheIncidentStatus>(KubernetesJson.Serialize(status));
}
