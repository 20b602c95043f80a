namespace CachePolicyOperator.Core.Incidents;

/// <summary>
/// Decides when an outage of the cache pods is over. It ends by itself, for nothing leaked; but only once the pods have
/// been well for a while, the longer the more often they went, so that traffic does not move to and fro.
/// </summary>
public static class OutagePlanner
{
    /// <summary>How long pods have been well before traffic is led to them again.</summary>
    public static readonly TimeSpan ShortestHold = TimeSpan.FromSeconds(5);

    public static readonly TimeSpan LongestHold = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    /// <param name="fitSince">Since when a cache pod has been programmed and ready; null where none is.</param>
    public static OutageAnswer Decide(EquatableList<Incident> incidents, DateTimeOffset? fitSince, DateTimeOffset now)
    {
        var open = incidents.Items.Where(i => i is { IsOpen: true, IsOutage: true }).Select(i => i.Name)
            .ToEquatableList();
        if (open.Count == 0 || fitSince is not { } since)
        {
            return new OutageAnswer([], null);
        }

        var left = since + Hold(incidents, now) - now;
        return left <= TimeSpan.Zero ? new OutageAnswer(open, null) : new OutageAnswer([], left);
    }

    private static TimeSpan Hold(EquatableList<Incident> incidents, DateTimeOffset now)
    {
        var lately = incidents.Items.Count(i => i.IsOutage && now - i.Opened < Memory);
        var hold = ShortestHold * Math.Pow(2, Math.Clamp(lately - 1, 0, 16));
        return hold < LongestHold ? hold : LongestHold;
    }
}

/// <summary>What becomes of open outages.</summary>
/// <param name="Closes">Names of the incidents that are over.</param>
/// <param name="LookAgainAfter">When they may be; null where that is not known.</param>
public sealed record OutageAnswer(EquatableList<string> Closes, TimeSpan? LookAgainAfter);
