using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace CachePolicyOperator.TestCluster;

/// <summary>
/// The one thread that starts processes. The kernel's death signal follows the *thread* that started a child, and pool
/// threads come and go.
/// </summary>
internal static class SpawnThread
{
    private static readonly BlockingCollection<Action> Work = [];

    static SpawnThread() => new Thread(Loop) { IsBackground = true, Name = "spawn" }.Start();

    /// <summary>Where util-linux has its setpriv, if it is there.</summary>
    public static string? SetPriv { get; } =
        new[] { "/usr/bin/setpriv", "/bin/setpriv" }.FirstOrDefault(File.Exists);

    public static void Run(Action action)
    {
        using var done = new ManualResetEventSlim();
        ExceptionDispatchInfo? failure = null;
        Work.Add(() =>
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }

            done.Set();
        });
        done.Wait();
        failure?.Throw();
    }

    private static void Loop()
    {
        foreach (var action in Work.GetConsumingEnumerable())
        {
            action();
        }
    }
}
