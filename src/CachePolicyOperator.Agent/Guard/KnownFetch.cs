using CachePolicyOperator.Core.AgentProtocol;

namespace CachePolicyOperator.Agent.Guard;

/// <summary>What is remembered of a fetch, in case its object is served where it may not be.</summary>
internal sealed class KnownFetch
{
    /// <summary>The personal route that it was fetched for; null where that was none.</summary>
    public string? Route { get; set; }

    public bool IsStored { get; set; }

    public string? Vcl { get; set; }

    public DateTimeOffset Started { get; set; }

    public DateTimeOffset Ended { get; set; }

    public Sighting? StoredBy { get; set; }

    /// <summary>A probe of a trial caused it.</summary>
    public bool IsOfProbe { get; set; }
}
