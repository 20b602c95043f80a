namespace CachePolicyOperator.Agent.SharedLog;

/// <summary>
/// How long to wait between two looks at the log. While records come, and for a while after, a response is found a
/// millisecond after its end; the first one after a time without any, at most <see cref="Quiet"/> after it. Looking is
/// what an agent that has nothing to do spends its processor time on.
/// </summary>
internal sealed class LookPace
{
    public static readonly TimeSpan Lively = TimeSpan.FromMilliseconds(1);
    public static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(8);

    /// <summary>How many looks that find nothing make a log quiet.</summary>
    public const int LivelyLooks = 100;

    private int _inVain = LivelyLooks;

    /// <summary>The wait after a look that found records, or none.</summary>
    public TimeSpan After(bool found)
    {
        _inVain = found ? 0 : Math.Min(_inVain + 1, LivelyLooks);
        return _inVain < LivelyLooks ? Lively : Quiet;
    }
}
