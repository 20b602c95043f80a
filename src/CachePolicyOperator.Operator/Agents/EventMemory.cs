using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;

namespace CachePolicyOperator.Operator.Agents;

/// <summary>
/// What one agent told, by sequence; the oldest is forgotten first, for the incident holds it by then.
/// </summary>
internal sealed class EventMemory
{
    private const int Most = 2_000;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, AgentEvent> _events = [];

    public long Last { get; private set; }

    /// <summary>False where it was told before.</summary>
    public bool Add(AgentEvent told)
    {
        lock (_gate)
        {
            if (!_events.TryAdd(told.Sequence, told))
            {
                return false;
            }

            Last = Math.Max(Last, told.Sequence);
            if (_events.Count > Most)
            {
                _events.Remove(_events.Keys.First());
            }

            return true;
        }
    }

    public EquatableList<AgentEvent> All()
    {
        lock (_gate)
        {
            return _events.Values.ToEquatableList();
        }
    }
}
