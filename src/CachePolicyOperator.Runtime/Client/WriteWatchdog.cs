using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace CachePolicyOperator.Runtime.Client;

/// <summary>
/// Ends fights: who writes one object the same thing over and over writes against somebody. The first times pass at
/// once, so that what somebody turned by mistake is put right; then one every few seconds.
/// </summary>
internal sealed partial class WriteWatchdog(TimeProvider time)
{
    /// <summary>How often the same thing is written within <see cref="Window"/> before it is a fight.</summary>
    public const int Most = 20;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>How long a write waits after the one before, in a fight.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private const int MostKnown = 10_000;

    private readonly ConcurrentDictionary<(string Target, string What), Queue<DateTimeOffset>> _writes = new();

    /// <summary>Notes a write that is about to happen.</summary>
    /// <exception cref="WriteStormException">It must not happen now.</exception>
    public void Pass(string target, string text)
    {
        var now = time.GetUtcNow();
        Forget(now);
        // What only says when it was written is the same thing.
        var writes = _writes.GetOrAdd((target, WhenOrVersion().Replace(text, "")), _ => new Queue<DateTimeOffset>());
        lock (writes)
        {
            while (writes.TryPeek(out var first) && now - first >= Window)
            {
                writes.Dequeue();
            }

            if (writes.Count >= Most && now - writes.Last() < Pause)
            {
                throw new WriteStormException(target, writes.Count, writes.Last() + Pause - now);
            }

            writes.Enqueue(now);
        }
    }

    private void Forget(DateTimeOffset now)
    {
        if (_writes.Count < MostKnown)
        {
            return;
        }

        foreach (var (key, writes) in _writes)
        {
            lock (writes)
            {
                if (writes.Count == 0 || now - writes.Last() >= Window)
                {
                    _writes.TryRemove(key, out _);
                }
            }
        }
    }

    [GeneratedRegex("""\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z|"resourceVersion":"\d+",?""")]
    private static partial Regex WhenOrVersion();
}
