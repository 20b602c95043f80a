namespace CachePolicyOperator.Operator.Hosting;

/// <summary>
/// Asks an operator whether it is ready, for who has no shell: the image has this program and nothing else.
/// </summary>
internal static class HealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Null where it answered that it is; else what it said last, or why it could not be asked.</summary>
    public static async Task<string?> AskAsync(Uri address, TimeProvider time, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        for (var began = time.GetTimestamp(); ;)
        {
            string problem;
            try
            {
                using var answer = await client.GetAsync(address, cancellationToken);
                if (answer.IsSuccessStatusCode)
                {
                    return null;
                }

                problem = (await answer.Content.ReadAsStringAsync(cancellationToken)).Trim();
            }
            catch (Exception error) when (
                error is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
            {
                problem = error.Message;
            }

            if (time.GetElapsedTime(began) >= Patience)
            {
                return problem;
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }
}
