using System.Runtime.InteropServices;

namespace CachePolicyOperator.Agent.SharedLog;

/// <summary>
/// Lets a thread of its own wait for some milliseconds, by the kernel alone: the runtime's waits, which can be ended
/// early, take more processor time, and this one is over before anybody would want to end it.
/// </summary>
internal static unsafe partial class KernelWait
{
    /// <summary>Waits at least so long, unless a signal comes.</summary>
    public static void For(TimeSpan time)
    {
        var wanted = new Time(time.Ticks / TimeSpan.TicksPerSecond, time.Ticks % TimeSpan.TicksPerSecond * 100);
        _ = NanoSleep(&wanted, null);
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int NanoSleep(Time* wanted, Time* left);

    /// <summary>The kernel's <c>timespec</c>, where a word has 64 bits.</summary>
    private readonly record struct Time(long Seconds, long Nanoseconds);
}
