namespace CachePolicyOperator.Runtime.Webhooks;

/// <summary>
/// How many bytes of requests may be held at one time. An object takes several times its size while it is read and
/// judged, so without a bound anyone who may write objects could fill the memory of the process with large ones.
/// </summary>
internal sealed class BodyAllowance(long most)
{
    private long _held;

    /// <summary>
    /// False where there is no room; a request that alone is more than all of it has room when it is alone.
    /// </summary>
    public bool TryTake(long bytes)
    {
        var held = Interlocked.Add(ref _held, bytes);
        if (held <= most || held == bytes)
            return true;
        GiveBack(bytes);
        return false;
    }

    public void GiveBack(long bytes) => Interlocked.Add(ref _held, -bytes);
}
