using System.Collections.Concurrent;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Agents;
using CachePolicyOperator.Operator.Entries;
using CachePolicyOperator.Operator.Metrics;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Runtime.Abstractions;

namespace CachePolicyOperator.Operator.Incidents;

/// <summary>
/// Owns the level in the status and the condition LevelReached: what pods and entries are seen to do, and whether it is
/// what is wanted. It orders nothing.
/// </summary>
internal sealed class LevelController(
    SituationGatherer gatherer,
    EntrySights entries,
    AgentSessionPool pool,
    PolicyStatusWriter status,
    LevelBook levels,
    EventPublisher publish,
    TimeProvider time) : IEntityController<CachePolicy>
{
    private const string Unknown = "Unknown";

    /// <summary>How long pods and entries may be on their way before somebody is told.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>How long the status may say what a former operator saw, while nothing was seen yet.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(5);

    /// <summary>How soon it is looked again meanwhile: until then the status says what may be so no more.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _silent = new();
    private readonly ConcurrentDictionary<string, Difference> _differ = new();

    public async Task<ReconciliationResult<CachePolicy>> ReconcileAsync(
        CachePolicy entity, CancellationToken cancellationToken)
    {
        var isSilent = IsSilent(entity);
        var key = NamespacedName.Of(entity);
        PolicySituation situation;
        try
        {
            situation = await gatherer.GatherAsync(entity, cancellationToken);
        }
        catch
        {
            // What was seen before says nothing of now.
            levels.Forget(key);
            throw;
        }

        var seen = SeenLevel.Of(
            entries.Of(entity, situation.InForce), situation.Sessions.Select(s => s.Status).ToEquatableList());
        // Pods are heard of one by one: a status that follows each of them would be written anew by every start.
        if (isSilent && (seen.Level is null || $"{seen.Level}" == entity.Status?.Level))
        {
            return ReconciliationResult<CachePolicy>.Success(entity, Glance);
        }

        var (wanted, isReached) = (situation.Level.Level, seen.Is(situation.Level.Level));
        levels.Note(key, new LevelNote(wanted, seen.Level));
        // Before anything was in force, nothing was promised that could be missed.
        var isOwed = situation.InForce is not null || wanted != CacheLevel.Cached;
        var difference = isReached || !isOwed ? null : Note(entity, wanted);
        var isLate = difference is not null && time.GetUtcNow() - difference.Since >= Patience;
        await WriteAsync(entity, wanted, seen, isReached, !isOwed ? "NothingInForce" : isLate ? "NotReached"
            : "OnTheWay", cancellationToken);
        if (difference is null)
        {
            _differ.TryRemove(entity.Metadata.Uid, out _);
            return ReconciliationResult<CachePolicy>.Success(entity);
        }

        // Before the first pods served, what is missing is told by Programmed alone.
        if (isLate
            && !difference.IsTold
            && (wanted != CacheLevel.Cached || entity.Status?.Revision?.Active is not null))
        {
            _differ[entity.Metadata.Uid] = difference with { IsTold = true };
            await publish(
                entity, "LevelNotReached",
                    $"the level is to be {wanted} and is seen to be {seen.Level?.ToString() ?? Unknown}: {seen.Why}",
                EventType.Warning, cancellationToken);
        }

        return isLate
            ? ReconciliationResult<CachePolicy>.Success(entity)
            : ReconciliationResult<CachePolicy>.Success(entity, Patience);
    }

    public Task<ReconciliationResult<CachePolicy>> DeletedAsync(CachePolicy entity, CancellationToken cancellationToken)
    {
        _silent.TryRemove(entity.Metadata.Uid, out _);
        _differ.TryRemove(entity.Metadata.Uid, out _);
        levels.Forget(NamespacedName.Of(entity));
        return Task.FromResult(ReconciliationResult<CachePolicy>.Success(entity));
    }

    /// <summary>
    /// A start of the operator is no news of the pods; but not for ever, and what entries show needs no word of them.
    /// </summary>
    private bool IsSilent(CachePolicy entity)
    {
        var now = time.GetUtcNow();
        if (!pool.Knows(NamespacedName.Of(entity)))
        {
            return now - _silent.GetOrAdd(entity.Metadata.Uid, now) < LongestSilence;
        }

        _silent.TryRemove(entity.Metadata.Uid, out _);
        return false;
    }

    private Difference Note(CachePolicy entity, CacheLevel wanted) => _differ.AddOrUpdate(
        entity.Metadata.Uid,
        _ => new Difference(wanted, time.GetUtcNow(), false),
        // Another wish is another difference; what is seen may change on the way without being there.
        (_, old) => old.Wanted == wanted ? old : new Difference(wanted, time.GetUtcNow(), false));

    private Task<bool> WriteAsync(
        CachePolicy entity, CacheLevel wanted, SeenLevel seen, bool isReached, string missed,
            CancellationToken cancellationToken) =>
        status.WriteAsync(
            entity,
            StatusPart.Level,
            new CachePolicyStatus
            {
                Level = seen.Level?.ToString() ?? Unknown,
                Conditions =
                [
                    StatusConditions.Of(
                        entity.Status?.Conditions, PolicyConditions.LevelReached, isReached, isReached
                            ? "AsWanted"
                            : missed,
                        $"{wanted} is wanted; {seen.Why}", entity.Metadata.Generation, time.GetUtcNow()),
                ],
            },
            cancellationToken);

    /// <summary>What is wanted and not seen, since when, and whether that was told.</summary>
    private sealed record Difference(CacheLevel Wanted, DateTimeOffset Since, bool IsTold);
}
