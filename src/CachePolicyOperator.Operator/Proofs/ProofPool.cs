using System.Collections.Concurrent;
using CachePolicyOperator.Operator.Metrics;

namespace CachePolicyOperator.Operator.Proofs;

/// <summary>
/// Runs proofs on a few threads of its own, so that whatever is asked, the threads that answer probes, hear the API
/// server and speak with agents stay free. Users take turns, and none may have more than his share wait.
/// </summary>
internal sealed class ProofPool : IDisposable
{
    /// <summary>
    /// The operator itself, whose workers bound what it asks: it is never refused, and takes its turn like a user.
    /// </summary>
    public const string Operator = "";

    private readonly ProofLimits _limits;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ProofLine> _lines = new(StringComparer.Ordinal);

    /// <summary>Lines in which somebody waits, in the order in which they take turns.</summary>
    private readonly LinkedList<ProofLine> _turns = new();

    /// <summary>Counts what waits; complete when there will be no more.</summary>
    private readonly BlockingCollection<bool> _signals = [];

    private int _waiting;
    private int _running;

    public ProofPool(ProofLimits limits, TimeProvider time)
    {
        (_limits, _time) = (limits, time);
        Threads = limits.Threads(Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        for (var i = 0; i < Threads; i++)
        {
            new Thread(Work) { IsBackground = true, Name = $"proof {i}" }.Start();
        }
    }

    /// <summary>How many proofs run at one time.</summary>
    public int Threads { get; }

    /// <summary>How many wait.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>How many are being worked on.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Has the work done when its turn comes; what is cancelled while it waits is not begun.</summary>
    /// <exception cref="ProofsBusyException">Too many wait already.</exception>
    public async Task<T> RunAsync<T>(string user, Func<T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var ticket = Enter(user, () => Answer(answer, work));
        try
        {
            return await answer.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            Leave(ticket);
        }
    }

    public void Dispose() => _signals.CompleteAdding();

    private static void Answer<T>(TaskCompletionSource<T> answer, Func<T> work)
    {
        try
        {
            answer.SetResult(work());
        }
        catch (Exception error)
        {
            answer.SetException(error);
        }
    }

    private ProofTicket Enter(string user, Action run)
    {
        lock (_gate)
        {
            if (!_lines.TryGetValue(user, out var line))
            {
                line = new ProofLine(user);
            }

            if (user != Operator)
            {
                Refuse(line);
            }

            var ticket = new ProofTicket(line, run, _time.GetTimestamp());
            _lines[user] = line;
            line.Add(ticket);
            if (line.Waiting == 1)
            {
                _turns.AddLast(line);
            }

            Volatile.Write(ref _waiting, _waiting + 1);
            _signals.Add(true);
            return ticket;
        }
    }

    private void Refuse(ProofLine line)
    {
        if (line.Waiting + line.Running >= _limits.WaitingOfUser)
        {
            throw new ProofsBusyException(
                $"{_limits.WaitingOfUser} objects of yours are being proven or wait for it, which is all that one user "
                    + "may have at a time; try again when they are answered");
        }

        if (_waiting >= _limits.Waiting)
        {
            throw new ProofsBusyException($"{_waiting} proofs wait already; try again in a few seconds");
        }
    }

    /// <summary>Nobody waits for it any more; nothing where it was begun.</summary>
    private void Leave(ProofTicket ticket)
    {
        lock (_gate)
        {
            if (!ticket.Line.Remove(ticket))
            {
                return;
            }

            Volatile.Write(ref _waiting, _waiting - 1);
            if (ticket.Line.Waiting == 0)
            {
                _turns.Remove(ticket.Line);
            }

            Forget(ticket.Line);
        }
    }

    private void Work()
    {
        foreach (var _ in _signals.GetConsumingEnumerable())
        {
            // None where the one that the signal was for has left.
            if (Begin() is { } ticket)
            {
                var began = _time.GetTimestamp();
                Interlocked.Increment(ref _running);
                ticket.Run();
                Interlocked.Decrement(ref _running);
                OperatorMeter.Proven(_time.GetElapsedTime(ticket.Entered, began), _time.GetElapsedTime(began));
                End(ticket);
            }
        }
    }

    private ProofTicket? Begin()
    {
        lock (_gate)
        {
            if (_turns.First?.Value is not { } line)
            {
                return null;
            }

            _turns.RemoveFirst();
            var ticket = line.Begin();
            Volatile.Write(ref _waiting, _waiting - 1);
            if (line.Waiting > 0)
            {
                _turns.AddLast(line);
            }

            return ticket;
        }
    }

    private void End(ProofTicket ticket)
    {
        lock (_gate)
        {
            ticket.Line.End();
            Forget(ticket.Line);
        }
    }

    private void Forget(ProofLine line)
    {
        if (line.IsIdle)
        {
            _lines.Remove(line.User);
        }
    }
}
