using System.Collections.Concurrent;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Entities.Documents;
using CachePolicyOperator.Operator.Agents;
using CachePolicyOperator.Operator.Certificates;
using CachePolicyOperator.Operator.Metrics;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Operator.Reviews;
using CachePolicyOperator.Operator.Revisions;
using CachePolicyOperator.Runtime.Abstractions;

namespace CachePolicyOperator.Operator.Proofs;

/// <summary>
/// Owns the conditions Accepted and Proven and what is in force: proves the policy as it is now, and keeps what is
/// proven. What is not leaves the last proven state as it is.
/// </summary>
internal sealed class ProofController(
    PolicyExaminer examiner,
    PolicyProofs proofs,
    Neighbourhood neighbourhood,
    RevisionArchive archive,
    PolicyStatusWriter status,
    AgentSessionPool pool,
    IOperatorSecrets secrets,
    ForeignObjects foreign,
    DeniedRevisions denied,
    RevisionChanges changes,
    ReviewDesk reviews,
    EventPublisher publish,
    TimeProvider time) : IEntityController<CachePolicy>, IUnreadableEntityController<CachePolicy>
{
    private const int MostDiagnostics = 50;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, Told> _told = new();
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> _foreign = new();
    private readonly ConcurrentDictionary<string, (Digest Revision, IList<string> Sentences)> _changes = new();
    private readonly ConcurrentDictionary<string, (string Inputs, Examination Examination)> _memory = new();

    public Task<ReconciliationResult<CachePolicy>> ReconcileAsync(
        CachePolicy entity, CancellationToken cancellationToken) =>
        ProveAsync(entity, () => EntityDocuments.Of(entity), cancellationToken);

    public Task<ReconciliationResult<CachePolicy>> DeletedAsync(CachePolicy entity, CancellationToken cancellationToken)
    {
        _told.TryRemove(entity.Metadata.Uid, out _);
        _memory.TryRemove(entity.Metadata.Uid, out _);
        _foreign.TryRemove(entity.Metadata.Uid, out _);
        _changes.TryRemove(entity.Metadata.Uid, out _);
        archive.Forget(entity);
        reviews.Forget(entity);
        foreign.Forget(entity);
        return Task.FromResult(ReconciliationResult<CachePolicy>.Success(entity));
    }

    /// <summary>The raw object is read as a document, so that the status says what is wrong with it.</summary>
    public Task<ReconciliationResult<CachePolicy>> UnreadableAsync(
        UnreadableObject unreadable, CachePolicy? lastReadable, CancellationToken cancellationToken)
    {
        if (Identity(unreadable, lastReadable) is not { } entity)
        {
            return Task.FromResult(ReconciliationResult<CachePolicy>.Success(lastReadable));
        }

        return ProveAsync(entity, () => EntityDocuments.Of(unreadable.Raw), cancellationToken);
    }

    private static CachePolicy? Identity(UnreadableObject unreadable, CachePolicy? lastReadable)
    {
        var metadata = unreadable.Raw.TryGetProperty("metadata", out var found) ? found : default;
        if (metadata.ValueKind != System.Text.Json.JsonValueKind.Object || !metadata.TryGetProperty("uid", out var uid))
        {
            return lastReadable;
        }

        var entity = lastReadable ?? new CachePolicy();
        entity.Metadata.Name = unreadable.Key.Name;
        entity.Metadata.NamespaceProperty = unreadable.Key.Namespace;
        entity.Metadata.Uid = uid.GetString();
        entity.Metadata.Generation = metadata.TryGetProperty("generation", out var generation)
            && generation.TryGetInt64(out var number) ? number : null;
        return entity;
    }

    private async Task<ReconciliationResult<CachePolicy>> ProveAsync(
        CachePolicy entity, Func<DocumentResult> document, CancellationToken cancellationToken)
    {
        await secrets.Loaded.WaitAsync(cancellationToken);
        // INVARIANT: nothing comes into force before it is known what may not.
        await denied.Loaded.WaitAsync(Patience, time, cancellationToken);
        var inForce = archive.FindInForce(entity);
        var engine =
            Engine(NamespacedName.Of(entity)) ?? inForce?.Target.EngineVersion ?? RenderTarget.DefaultEngineVersion;
        var examination = await RememberAsync(
            entity, engine, () => EntityDocuments.Examine(
                document(), d => examiner.Examine(d, engine, originMayBeMissing: false)), cancellationToken);
        examination = examination.With(
            examination.Set is { } read
                ? neighbourhood.Clashes(read.Policy, entity.Metadata.CreationTimestamp)
                : []);
        ReviewResult? review = null;
        if (examination.Admit(entity.Metadata.Generation ?? 0) is { } admitted)
        {
            await CompareAsync(entity, admitted.Proven.Revision, cancellationToken);
            review = await reviews.JudgeAsync(entity, admitted.Proven, cancellationToken);
            await TellAsync(
                entity,
                review is { MayServe: false }
                    ? await HoldAsync(entity, admitted.Proven, cancellationToken)
                    : await PlaceAsync(entity, admitted, cancellationToken),
                cancellationToken);
            inForce = archive.FindInForce(entity);
            await archive.PruneAsync(
                entity,
                [admitted.Proven.Revision.Digest, inForce?.Revision, inForce?.Lingering, inForce?.Before?.Revision,
                    inForce?.Trial?.Candidate.Revision, Digest.Read(entity.Status?.Revision?.Active),
                    Digest.Read(entity.Status?.Revision?.Previous)],
                cancellationToken);
        }
        else
        {
            await TellAsync(entity, await archive.PutBackAsync(entity, cancellationToken), cancellationToken);
        }

        // Not remembered with the proof: it changes with other objects.
        if (examination.Set is { } set)
        {
            examination = examination with
            {
                Diagnostics = examination.Diagnostics.Items.Concat(
                    neighbourhood.Around(set.Policy, entity.Metadata.CreationTimestamp)).ToEquatableList(),
            };
        }

        await TellAsync(entity, review, cancellationToken);
        await WriteAsync(entity, examination, inForce, review, cancellationToken);
        await TellAsync(entity, examination, cancellationToken);
        return ReconciliationResult<CachePolicy>.Success(entity);
    }

    /// <summary>Keeps what is to be reviewed, so that it can be read, and what is in force.</summary>
    private async Task<ArchiveReport> HoldAsync(
        CachePolicy entity, ProvenPolicy proven, CancellationToken cancellationToken)
    {
        var report = await archive.KeepAsync(entity, proven, cancellationToken);
        // One that is on trial has lost its reviews since.
        report.Add(await archive.ChangeAsync(
            entity, known => TrialGate.Withdraw(known, "another revision waits for a review"), cancellationToken));
        report.Add(await archive.PutBackAsync(entity, cancellationToken));
        return report;
    }

    /// <summary>Puts it in force, or on trial beside what is.</summary>
    private Task<ArchiveReport> PlaceAsync(
        CachePolicy entity, AdmittedPolicy admitted, CancellationToken cancellationToken)
    {
        // Pods that do not answer for a while have not lost what they earned.
        var isCached = SituationGatherer.LevelOf(entity.Status) is { Level: CacheLevel.Cached } or { ByOutage: true };
        return archive.PutInForceAsync(
            entity,
            admitted,
            (known, next) => TrialGate.Admit(
                known, next,
                RevisionKinship.IsRenderedAnew(admitted.Proven, known)
                    || RevisionKinship.IsSame(archive, entity, admitted.Proven, known),
                isCached),
            cancellationToken);
    }

    /// <summary>An Event when it stands otherwise than the status says.</summary>
    private async Task TellAsync(CachePolicy entity, ReviewResult? review, CancellationToken cancellationToken)
    {
        if (review is null)
        {
            return;
        }

        var (holds, reason, message) = review.Condition();
        if (entity.Status.Find(PolicyConditions.Reviewed) is not { } before
            || before.Reason != reason || before.Message != message)
        {
            await publish(
                entity, holds ? "Reviewed" : "ReviewWanted", message, holds ? EventType.Normal : EventType.Warning,
                cancellationToken);
        }
    }

    /// <summary>Tells once what a revision makes cacheable, before the one that it is compared with is gone.</summary>
    private async Task CompareAsync(CachePolicy entity, ProvenRevision next, CancellationToken cancellationToken)
    {
        // A record that somebody stands in the way of keeps a revision from force, and is no news at every look.
        if (archive.FindInForce(entity) is not { } before || before.Revision == next.Digest
            || (_changes.TryGetValue(entity.Metadata.Uid, out var told) && told.Revision == next.Digest))
        {
            return;
        }

        var found = await changes.AskAsync(entity, next, cancellationToken);
        _changes[entity.Metadata.Uid] = (next.Digest, [.. found.Select(d => d.Message)]);
        foreach (var diagnostic in found)
        {
            await publish(
                entity, "NewlyCacheable", $"revision {next.Digest.Abbreviated}: {diagnostic.Message}",
                    EventType.Warning,
                cancellationToken);
        }
    }

    // What an earlier process found stands in the status, as long as it is about this revision.
    private IList<string>? Changes(CachePolicy entity, Digest revision) =>
        (_changes.TryGetValue(entity.Metadata.Uid, out var known) && known.Revision == revision ? known.Sentences
            : entity.Status?.Revision is { } told && told.Proven == revision.ToString() ? told.NewlyCacheable
            : entity.Status?.Review is { } asked && asked.Revision == revision.ToString() ? asked.NewlyCacheable
            : null) is { Count: > 0 } sentences
            ? sentences
            : null;

    /// <summary>
    /// A proof may take a second, and pods wake this controller often: the same inputs give the same answer.
    /// </summary>
    private async Task<Examination> RememberAsync(
        CachePolicy entity, string engine, Func<Examination> examine, CancellationToken cancellationToken)
    {
        var inputs = $"{entity.Metadata.Generation} {engine} {examiner.VersionsOfInputs(entity)}";
        if (!_memory.TryGetValue(entity.Metadata.Uid, out var known) || known.Inputs != inputs)
        {
            known = (inputs, await proofs.ExamineAsync(examine, cancellationToken));
            _memory[entity.Metadata.Uid] = known;
        }

        return known.Examination;
    }

    /// <summary>
    /// Major and minor version of the varnishd that runs in every pod that was reached; null where they differ or none
    /// was.
    /// </summary>
    private string? Engine(NamespacedName policy)
    {
        var versions = pool.Of(policy)
            .Select(s => s.Status?.EngineVersion)
            .OfType<string>()
            .Select(v => string.Join('.', v.Split('.').Take(2)))
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        return versions.Length == 1 ? versions[0] : null;
    }

    private Task<bool> WriteAsync(
        CachePolicy entity, Examination examination, InForce? inForce, ReviewResult? review,
        CancellationToken cancellationToken)
    {
        var (now, generation, old) = (time.GetUtcNow(), entity.Metadata.Generation, entity.Status?.Conditions);
        var (reason, message) = Verdict(entity, examination, inForce);
        var notOurs = foreign.Of(entity);
        return status.WriteAsync(entity, StatusPart.Proof, new CachePolicyStatus
        {
            ObservedGeneration = generation,
            Diagnostics = [.. Ordered(examination).Take(MostDiagnostics).Select(DiagnosticStatus.From)],
            DiagnosticsTotal = examination.Diagnostics.Count,
            Cache = inForce is null ? entity.Status?.Cache : CachePlaces.Write(inForce.Cache),
            Review = Review(entity, review),
            Revision = inForce is null
                ? null
                : new RevisionStatus
                {
                    Proven = (inForce.Trial?.Candidate ?? inForce).Revision.ToString(),
                    NewlyCacheable = Changes(entity, (inForce.Trial?.Candidate ?? inForce).Revision),
                },
            Conditions =
            [
                StatusConditions.Of(
                    old, PolicyConditions.Accepted, examination.IsAccepted, examination.IsAccepted
                        ? "Accepted"
                        : "Invalid",
                    examination.IsAccepted
                        ? "the policy was read and every reference found"
                        : First(examination), generation, now),
                StatusConditions.Of(
                    old, PolicyConditions.Proven, examination.IsProven, reason, message, generation, now),
                StatusConditions.Of(
                    old, PolicyConditions.ObjectsOwned, notOurs.Count == 0, notOurs.Count == 0 ? "Owned" : "NotOurs",
                    notOurs.Count == 0
                        ? "every object that the operator keeps for the policy is its own"
                        : $"{string.Join(", ", notOurs)} exists and is not the operator's, so it is left alone, and "
                            + "what it stands in the way of "
                            + "is not done; remove it, or give the policy another name",
                    generation, now),
                .. review?.Condition() is { } said
                    ? [StatusConditions.Of(
                        old, PolicyConditions.Reviewed, said.Holds, said.Reason, said.Message, generation, now)]
                    : Array.Empty<Condition>(),
            ],
        }, cancellationToken);
    }

    private ReviewStatus? Review(CachePolicy entity, ReviewResult? review)
    {
        if (review is { MayServe: false, Status: { Revision: { } digest } status })
        {
            status.NewlyCacheable = Changes(entity, Digest.Parse(digest));
        }

        return review?.Status;
    }

    private static (string Reason, string Message) Verdict(
        CachePolicy entity, Examination examination, InForce? inForce)
    {
        if (examination is { IsProven: true, Revision: { } revision })
        {
            return ("Proven",
                $"no personal route can be stored in or answered from the cache; revision {revision.Digest}");
        }

        var kept = inForce is null
            ? entity.Status?.Revision?.Active is null
                ? "nothing is in force"
                : "what was in force is not known any more, for its records are gone; cache pods go on with what they "
                    + "hold"
            : inForce.Trial is { IsOpen: false } && !TrialGate.MayOthersCache(inForce)
                ? $"nothing is cached, for the trial of revision {inForce.Trial.Candidate.Revision.Abbreviated} was "
                    + "stopped"
                : $"revision {inForce.Revision.Abbreviated} of generation {inForce.Generation} goes on serving";
        var reason = examination.IsAccepted ? examination.Proof!.Verdict.Kind.ToString() : "NotAccepted";
        return (reason, $"{kept}; {First(examination)}");
    }

    private static string First(Examination examination) =>
        Ordered(examination).FirstOrDefault()?.ToString() ?? "no reason was found, which is a fault of this operator";

    private static IEnumerable<Diagnostic> Ordered(Examination examination) =>
        examination.Diagnostics.Items.OrderByDescending(d => d.Severity);

    /// <summary>
    /// What somebody else did to the records; what is not ours is named by a condition until it is gone.
    /// </summary>
    private async Task TellAsync(CachePolicy entity, ArchiveReport report, CancellationToken cancellationToken)
    {
        var before = _foreign.TryGetValue(entity.Metadata.Uid, out var known) ? known : [];
        _foreign[entity.Metadata.Uid] = report.NotOurs;
        foreach (var name in before.Union(report.NotOurs, StringComparer.Ordinal))
        {
            foreign.Note(entity, $"ConfigMap `{name}`", report.NotOurs.Contains(name));
        }

        if (report.PutBack.Count > 0)
        {
            await publish(
                entity, "RecordRestored",
                $"somebody else changed or removed ConfigMap `{string.Join("`, `", report.PutBack)}`; the operator put "
                    + "it back",
                EventType.Warning, cancellationToken);
        }
    }

    /// <summary>One Event when the answer changes, not one at every look.</summary>
    private async Task TellAsync(CachePolicy entity, Examination examination, CancellationToken cancellationToken)
    {
        var told = new Told(
            examination.IsProven, examination.IsProven ? examination.Revision!.Digest.ToString() : First(examination));
        var before = _told.TryGetValue(entity.Metadata.Uid, out var known) ? known : Before(entity);
        _told[entity.Metadata.Uid] = told;
        if (before == told)
        {
            return;
        }

        if (!told.Proven)
        {
            OperatorMeter.Refused(OperatorMeter.AtController, examination.Errors.Select(e => e.Code));
        }

        await (told.Proven
            ? publish(entity, "Proven", $"revision {examination.Revision!.Digest.Abbreviated} is proven",
                EventType.Normal, cancellationToken)
            : publish(entity, "Refused", told.Text, EventType.Warning, cancellationToken));
    }

    private static Told? Before(CachePolicy entity) =>
        entity.Status?.ObservedGeneration == entity.Metadata.Generation
        && entity.Status.Find(PolicyConditions.Proven) is { Status: "True" }
        && entity.Status?.Revision?.Proven is { } digest
            ? new Told(true, digest)
            : null;

    private sealed record Told(bool Proven, string Text);
}
