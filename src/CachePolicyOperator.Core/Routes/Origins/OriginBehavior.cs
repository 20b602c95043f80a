using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Routes.Origins;

/// <summary>
/// One way in which an origin may read a target as something else. Always "may": the target as it stands is among the
/// readings (of a query: the path is), so that a behaviour too many costs precision and never the proof.
/// </summary>
public sealed class OriginBehavior
{
    internal OriginBehavior(string id, string summary, Transducer readings) =>
        (Id, Summary, Readings) = (id, summary, readings);

    /// <summary>Stable name, for example <c>decode</c>.</summary>
    public string Id { get; }

    /// <summary>What it does, by example.</summary>
    public string Summary { get; }

    /// <summary>Target in, readings out.</summary>
    internal Transducer Readings { get; }
}
