using System.Text;
using CachePolicyOperator.Agent.Guard;
using CachePolicyOperator.Agent.SharedLog;

namespace CachePolicyOperator.Agent.Trials;

/// <summary>
/// When what probes were answered with expires, as varnishd's log says (its record <c>Hit</c>), so that pairs can ask
/// for it just before and just after: there another request is sent to the origin, several wait for one answer, and
/// what is stale may be delivered (grace).
/// </summary>
internal sealed class ExpiryBook(ProbeMark probes) : ILogSink
{
    /// <summary>How far from the expiry a pair asks: more than it takes to be sent.</summary>
    public static readonly TimeSpan Distance = TimeSpan.FromMilliseconds(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Host, string Target), DateTimeOffset> _expiries = [];
    private readonly PriorityQueue<DuePair, DateTimeOffset> _due = new();

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _expiries.Clear();
            _due.Clear();
        }
    }

    /// <summary>The pairs that are due before <paramref name="until"/>.</summary>
    /// <param name="now">What was due before is too late.</param>
    public IReadOnlyList<DuePair> Take(DateTimeOffset now, DateTimeOffset until)
    {
        var taken = new List<DuePair>();
        lock (_lock)
        {
            while (_due.TryPeek(out var pair, out var at) && at < until)
            {
                _due.Dequeue();
                if (at >= now)
                {
                    taken.Add(pair);
                }
            }
        }

        return taken;
    }

    public void Ended(ClientTransaction transaction)
    {
        if (transaction.Expires is not { } at || !probes.IsActive || !probes.IsOn(transaction.First))
        {
            return;
        }

        var what = (HostOf(transaction.First), Encoding.Latin1.GetString(transaction.First.Target));
        lock (_lock)
        {
            // The same expiry, told by the next one who met the object.
            if (_expiries.TryGetValue(what, out var known) && at < known + Distance)
            {
                return;
            }

            _expiries[what] = at;
            foreach (var when in (DateTimeOffset[])[at - Distance, at + Distance])
            {
                _due.Enqueue(new DuePair(what.Item1, what.Item2, when), when);
            }
        }
    }

    public void Ended(FetchTransaction transaction)
    {
    }

    public void Commanded()
    {
    }

    public void Attached(DateTimeOffset start) => Clear();

    public void Lost()
    {
    }

    public void Detached()
    {
    }

    private static string HostOf(ClientTransaction request)
    {
        var name = "Host: "u8;
        for (var i = 0; i < request.HeaderCount; i++)
        {
            if (request.Header(i) is var line && line.StartsWith(name))
            {
                return Encoding.Latin1.GetString(line[name.Length..]);
            }
        }

        return "";
    }
}
