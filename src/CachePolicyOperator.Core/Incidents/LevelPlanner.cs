using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Incidents;

/// <summary>The level of a policy and the incidents that hold it there.</summary>
/// <param name="ByOutage">Nothing but cache pods that do not answer holds it there, so it ends when they do.</param>
public sealed record PolicyLevel(CacheLevel Level, EquatableList<string> HeldBy, bool ByOutage = false)
{
    public static PolicyLevel Cached { get; } = new(CacheLevel.Cached, []);
}

/// <summary>
/// Decides the level of a policy: the lowest of its open incidents. An incident that held the policy and is gone
/// without a granted return goes on holding it, so that deleting a record never brings a cache back.
/// </summary>
public static class LevelPlanner
{
    /// <param name="last">What the policy's status says.</param>
    public static PolicyLevel Decide(PolicyLevel last, IEnumerable<Incident> incidents)
    {
        ArgumentNullException.ThrowIfNull(last);
        var all = incidents.ToEquatableList();
        var open = all.Items.Where(i => i.IsOpen).ToArray();
        var vanished = Vanished(last, all);
        var levels = open.Select(i => i.Level);
        return new PolicyLevel(
            (vanished.Count > 0 ? levels.Append(last.Level) : levels).DefaultIfEmpty(CacheLevel.Cached).Max(),
            open.Select(i => i.Name).Concat(vanished.Items).Order(StringComparer.Ordinal).ToEquatableList(),
            open.Length + vanished.Count > 0 && open.All(i => i.IsOutage) && (vanished.Count == 0 || last.ByOutage));
    }

    /// <summary>
    /// Those that held the policy and are there no more, neither open nor returned. None where the level was
    /// <see cref="CacheLevel.Cached"/>, or where another open incident holds it as low and does not end by itself.
    /// </summary>
    public static EquatableList<string> Vanished(PolicyLevel last, EquatableList<Incident> incidents)
    {
        ArgumentNullException.ThrowIfNull(last);
        return last.Level == CacheLevel.Cached
            || incidents.Items.Any(i => i is { IsOpen: true, IsOutage: false } && i.Level >= last.Level)
            ? []
            : last.HeldBy.Items.Except(incidents.Items.Select(i => i.Name), StringComparer.Ordinal).ToEquatableList();
    }
}
