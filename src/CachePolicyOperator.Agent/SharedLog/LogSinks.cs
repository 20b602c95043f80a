namespace CachePolicyOperator.Agent.SharedLog;

/// <summary>Tells several of what the log tells, in their order: who must be quick to act stands first.</summary>
internal sealed class LogSinks(params ILogSink[] sinks) : ILogSink
{
    public void Ended(ClientTransaction transaction)
    {
        foreach (var sink in sinks)
        {
            sink.Ended(transaction);
        }
    }

    public void Ended(FetchTransaction transaction)
    {
        foreach (var sink in sinks)
        {
            sink.Ended(transaction);
        }
    }

    public void Commanded() => Array.ForEach(sinks, s => s.Commanded());

    public void Attached(DateTimeOffset start) => Array.ForEach(sinks, s => s.Attached(start));

    public void Lost() => Array.ForEach(sinks, s => s.Lost());

    public void Detached() => Array.ForEach(sinks, s => s.Detached());
}
