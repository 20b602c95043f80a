namespace CachePolicyOperator.Agent.Guard;

/// <summary>The wire was tripped.</summary>
/// <param name="IsNew">Nothing was known of this object before.</param>
/// <param name="Began">When the request or fetch began that tripped it.</param>
/// <param name="Ended">When its response ended, as varnishd stamped it.</param>
/// <param name="IsOfProbe">Only probes of a trial stored and met it: no page of anybody is out.</param>
internal readonly record struct Trip(
    string Trigger, bool IsNew, DateTimeOffset Began, DateTimeOffset Ended, bool IsOfProbe = false);
