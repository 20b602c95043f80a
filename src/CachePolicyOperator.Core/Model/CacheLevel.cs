namespace CachePolicyOperator.Core.Model;

/// <summary>How much is cached, from most to least; a level change downward needs nobody's consent.</summary>
public enum CacheLevel
{
    /// <summary>The active revision caches what it names.</summary>
    Cached,

    /// <summary>Some rules pass.</summary>
    Quarantined,

    /// <summary>Varnish is in the path and passes everything.</summary>
    Bypassed,

    /// <summary>Varnish is out of the path.</summary>
    NoCache,
}
