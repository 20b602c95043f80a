namespace CachePolicyOperator.TestStage.Traffic;

/// <summary>What a client got.</summary>
/// <param name="Asked">When it asked, since the start of the watch.</param>
/// <param name="Got">When it had the answer, or gave up.</param>
/// <param name="Status">0 where there was no answer.</param>
/// <param name="Owner">Whose page it was; null where it was nobody's.</param>
/// <param name="Hit">Whether it came from the shared cache, as varnishd's own <c>X-Varnish</c> says.</param>
/// <param name="ThroughVarnish">Whether Varnish was in the path at all.</param>
public sealed record Answer(
    TimeSpan Asked, TimeSpan Got, Page Page, int Status, string? Owner, bool Hit, bool ThroughVarnish)
{
    private string? Customer => Page switch { Page.Alice => "alice", Page.Bob => "bob", _ => null };

    /// <summary>The page that was asked for, whoever gave it.</summary>
    public bool Succeeded => Status == 200;

    /// <summary>A page of one person that was stored, or that another one got.</summary>
    public bool Leaked => Owner is not null && (Hit || Owner != Customer);

    public override string ToString() =>
        $"{Asked.TotalSeconds:F2}s {Page} {(Status == 0 ? "no answer" : Status)} after "
            + $"{(Got - Asked).TotalMilliseconds:F0} ms"
        + (Hit ? ", from the cache" : ThroughVarnish ? ", through varnishd" : "")
        + (Owner is null ? "" : $", the page of {Owner}");
}
