using System.Globalization;

namespace CachePolicyOperator.TestCluster;

/// <summary>
/// Waits for the world to reach a state, by asking again and again; the limit is for hung tests, not an assertion on
/// time.
/// </summary>
public static class Eventually
{
    /// <summary>
    /// A minute; `CACHEPOLICY_TEST_LIMIT` gives other seconds, for very slow machines and for impatient people.
    /// </summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(
        int.TryParse(Environment.GetEnvironmentVariable("CACHEPOLICY_TEST_LIMIT"), CultureInfo.InvariantCulture,
            out var seconds) ? seconds : 60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Asks until the answer is not null; an exception counts as "not yet" and is told when time is up.
    /// </summary>
    public static async Task<T> GetAsync<T>(
        string what, Func<CancellationToken, Task<T?>> ask, CancellationToken cancellationToken = default)
        where T : class
    {
        using var timeout = new CancellationTokenSource(Limit, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        Exception? last = null;
        while (true)
        {
            try
            {
                if (await ask(either.Token) is { } answer)
                {
                    return answer;
                }

                last = null;
                await Task.Delay(Pause, TimeProvider.System, either.Token);
            }
            catch (Exception) when (either.IsCancellationRequested)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw new TimeoutException($"waited in vain for: {what}", last);
            }
            catch (Exception e) when (e is not HopelessException)
            {
                last = e;
                await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
            }
        }
    }

    /// <summary>Asks until the answer is yes.</summary>
    public static Task TrueAsync(
        string what, Func<CancellationToken, Task<bool>> ask, CancellationToken cancellationToken = default) =>
        GetAsync(what, async token => await ask(token) ? "yes" : null, cancellationToken);
}
