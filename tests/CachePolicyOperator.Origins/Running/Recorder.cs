using System.Text;
using CachePolicyOperator.Origins.Probing;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Origins.Running;

/// <summary>Sends every probe to a server and notes which of them reach a personal page.</summary>
public static class Recorder
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public static async Task<IReadOnlyList<ResolvedTarget>> RunAsync(
        int port, IReadOnlyList<PersonalPage> pages, CancellationToken cancellationToken)
    {
        var resolved = new List<ResolvedTarget>();
        foreach (var page in pages)
        {
            foreach (var probe in Probes.For(page.Path))
            {
                if (await ReachesAsync(port, probe.Target, page.Answer, cancellationToken))
                {
                    resolved.Add(new ResolvedTarget(page.Path, probe.Target));
                }
            }
        }

        return resolved;
    }

    /// <summary>Whether the answer to a target is the personal page, however the server ends it.</summary>
    public static async Task<bool> ReachesAsync(
        int port, string target, string answer, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var response = await RawHttp.SendAsync("127.0.0.1", port, RawHttp.Request("GET", target), limit.Token);
            return response.Body.AsSpan().IndexOf(Encoding.ASCII.GetBytes(answer)) >= 0;
        }
        catch (Exception error) when (error is IOException or InvalidDataException or FormatException
            || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // A refused target often ends in a connection that is closed without an answer.
            return false;
        }
    }
}
