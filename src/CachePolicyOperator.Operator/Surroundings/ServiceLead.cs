namespace CachePolicyOperator.Operator.Surroundings;

/// <summary>What stands behind a Service, as far as caches go.</summary>
/// <param name="Policy">Whose it is; null where no policy has to do with it.</param>
internal sealed record ServiceLead(ServiceLeadKind Kind, string? Policy = null)
{
    public static ServiceLead Other { get; } = new(ServiceLeadKind.Other);
}

internal enum ServiceLeadKind
{
    /// <summary>Nothing that matters here.</summary>
    Other,

    /// <summary>An entry: it leads to the cache, or past it when there has to be none.</summary>
    Entry,

    /// <summary>An origin of a policy.</summary>
    Origin,

    /// <summary>Cache pods of a policy, around its entries: no fallback turns it.</summary>
    Cache,

    /// <summary>Pods that run varnishd and that no policy knows.</summary>
    UnprovenCache,
}
