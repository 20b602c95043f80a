using System.Globalization;

namespace CachePolicyOperator.Agent.Trials;

/// <summary>What a probe got.</summary>
/// <param name="Status">0 where it got no answer.</param>
/// <param name="Text">Fields and body, as far as they were read; where there is no answer, why.</param>
/// <param name="Number">
/// <c>X-Varnish</c> (<c>X-Vinyl</c>): the number of the request, and where it was answered from the cache that of the
/// one that stored it. Null where the VCL takes it out.
/// </param>
internal sealed record ProbeAnswer(int Status, string Text, string? Number)
{
    /// <summary>
    /// Whether it says something of the cache: the origin's errors, and its wish for fewer requests, do not.
    /// </summary>
    public bool IsConclusive => Status is > 0 and < 500 and not 429;

    /// <summary>Whether varnishd says that it was answered from what was stored.</summary>
    public bool IsFromCache => Number?.Trim().Contains(' ') == true;

    public string Why => Status == 0 ? Text : string.Create(CultureInfo.InvariantCulture, $"status {Status}");
}
