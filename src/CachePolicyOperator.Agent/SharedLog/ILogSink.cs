namespace CachePolicyOperator.Agent.SharedLog;

/// <summary>
/// Takes finished transactions in the order in which varnishd logged their ends. Called on the log's own thread.
/// </summary>
internal interface ILogSink
{
    /// <summary>
    /// A client request, an ESI fragment or one round of a restarted request ended. Valid during the call only.
    /// </summary>
    void Ended(ClientTransaction transaction);

    /// <summary>A fetch from the origin ended. Valid during the call only.</summary>
    void Ended(FetchTransaction transaction);

    /// <summary>A VCL was loaded, used, discarded or had its state set.</summary>
    void Commanded();

    /// <summary>
    /// The log is read from a process that was started at <paramref name="start"/>; earlier numbers mean nothing.
    /// </summary>
    void Attached(DateTimeOffset start);

    /// <summary>Part of the log was overwritten before it was read.</summary>
    void Lost();

    /// <summary>The log ended: varnishd or its child is gone.</summary>
    void Detached();
}
