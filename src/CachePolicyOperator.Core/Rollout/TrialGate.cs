using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Rollout;

/// <summary>
/// Decides what is in force, and what is on trial beside it, when a revision is proven and reviewed; and what a trial
/// comes to. Values in, values out: who calls writes down what it answers.
/// </summary>
public static class TrialGate
{
    /// <param name="known">What is in force; null where nothing is.</param>
    /// <param name="next">What was admitted.</param>
    /// <param name="isOld">
    /// Whether it does nothing that what is in force does not: the origin moved, or more is personal. That waits for
    /// nobody.
    /// </param>
    /// <param name="isCached">Whether the policy is to be cached: where it is not, nothing serves that could be
    /// tried.</param>
    public static InForce Admit(InForce? known, InForce next, bool isOld, bool isCached)
    {
        ArgumentNullException.ThrowIfNull(next);
        if (known?.Trial is { } trial && trial.Candidate.Revision == next.Revision)
        {
            return Continue(known, next, trial, isCached);
        }

        if (known?.Revision == next.Revision)
        {
            return next with { Lingering = known.Lingering, Before = known.Before };
        }

        var isEarned = known is not null && !IsTried(known);
        return next.Rollout.CanaryPods == 0 ? next
            : isEarned && isOld ? next with { Before = known!.Before }
            : isOld && known?.Trial is { } going ? next with { Trial = going with { Candidate = next } }
            : isEarned && MayStay(known!, next, isCached) ? known! with { Trial = Trial.Of(next) }
            : next with { Trial = Trial.Of(next) };
    }

    /// <summary>What is in force is itself on trial: there is nothing beside it to go back to.</summary>
    public static bool IsTried(InForce inForce) =>
        inForce?.Trial is { } trial && trial.Candidate.Revision == inForce.Revision;

    /// <summary>
    /// Whether pods that do not try the candidate may cache with what is in force: nothing that it guards is unguarded
    /// there. That its trial was stopped makes nothing less personal that it declares.
    /// </summary>
    public static bool MayOthersCache(InForce inForce)
    {
        ArgumentNullException.ThrowIfNull(inForce);
        return !IsTried(inForce)
            && (inForce.Trial is not { } trial || GuardOf.Covers(inForce.Guard, trial.Candidate.Guard));
    }

    /// <summary>The candidate has earned its traffic.</summary>
    public static InForce Pass(InForce inForce)
    {
        ArgumentNullException.ThrowIfNull(inForce);
        return inForce.Trial is not { } trial ? inForce
            : trial.Candidate with
            {
                Lingering = MayOthersCache(inForce) ? inForce.Revision : null,
                Before = IsTried(inForce) ? null : inForce.Alone,
            };
    }

    /// <summary>
    /// Back to what was in force before, as if the trial of what came after it had been ended; null where that is not
    /// known, or something is on trial.
    /// </summary>
    public static InForce? Undo(InForce inForce, string why)
    {
        ArgumentNullException.ThrowIfNull(inForce);
        return inForce is { Trial: null, Before: { } before }
            ? before with { Trial = Trial.Of(inForce.Alone) with { Standing = TrialStanding.Aborted, Why = why } }
            : null;
    }

    /// <summary>The trial stands otherwise; what is in force stays.</summary>
    public static InForce Stand(InForce inForce, TrialStanding standing, string? why)
    {
        ArgumentNullException.ThrowIfNull(inForce);
        return inForce.Trial is { } trial ? inForce with { Trial = trial with { Standing = standing, Why = why } }
            : inForce;
    }

    /// <summary>
    /// The candidate may not be tried any more, and another is not there yet. What is in force is left alone, but for a
    /// candidate that declares more personal: that stays known, and keeps it from being cached.
    /// </summary>
    public static InForce Withdraw(InForce inForce, string why)
    {
        ArgumentNullException.ThrowIfNull(inForce);
        return IsTried(inForce) ? inForce
            : MayOthersCache(inForce) ? inForce with { Trial = null }
            : Stand(inForce, TrialStanding.Aborted, why);
    }

    /// <summary>It is tried once more, from the beginning.</summary>
    public static InForce Retry(InForce inForce)
    {
        ArgumentNullException.ThrowIfNull(inForce);
        return inForce.Trial is { } trial
            ? inForce with { Trial = Trial.Of(trial.Candidate) with { Attempt = trial.Attempt + 1 } }
            : inForce;
    }

    private static InForce Continue(InForce known, InForce next, Trial trial, bool isCached)
    {
        if (trial.IsOpen && next.Rollout.CanaryPods == 0)
        {
            return next;
        }

        var going = trial with { Candidate = next };
        return IsTried(known) || (trial.IsOpen && !MayStay(known, next, isCached))
            ? next with { Trial = going }
            : known with { Trial = going };
    }

    // How many pods there are, and of which image, changes with the others.
    private static bool IsSame(CacheWorkload one, CacheWorkload other) =>
        one == other || (one is ManagedWorkload && other is ManagedWorkload);

    // Where its pods, its entries or its origin are others, what is in force says nothing of them.
    private static bool MayStay(InForce known, InForce next, bool isCached) =>
        isCached && IsSame(known.Cache, next.Cache) && known.Entrypoints == next.Entrypoints
            && known.Origin == next.Origin;
}
