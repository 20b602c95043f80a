using CachePolicyOperator.Cli.Cluster;
using CachePolicyOperator.Cli.Output;
using CachePolicyOperator.Cli.Terminals;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>
/// Shows policies again and again: on a terminal in place, elsewhere each time that something changed, under the time.
/// </summary>
internal sealed class StatusWatch(
    PolicyCluster policies, IReadOnlyList<string> names, string? format, Terminal terminal)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        for (string? shown = null; ; await Task.Delay(LookAgain, terminal.Time, cancellationToken))
        {
            var text = await TextAsync(shown is null, cancellationToken);
            if (terminal.IsWatched)
            {
                // Home, each line to its end, and whatever stood below.
                await terminal.Out.WriteAsync(
                    $"\e[H{$"{Now}\n{text}".Replace("\n", "\e[K\n", StringComparison.Ordinal)}\e[J");
            }
            else if (text != shown)
            {
                await terminal.Out.WriteAsync($"{Now}\n{text}\n");
            }

            shown = text;
        }
    }

    private string Now => terminal.Time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ");

    /// <summary>Who cannot be asked for a while is told in its place; who cannot be asked at all ends it.</summary>
    private async Task<string> TextAsync(bool isFirst, CancellationToken cancellationToken)
    {
        var text = new StringWriter { NewLine = "\n" };
        try
        {
            StatusText.Write(
                await PolicyView.GatherAsync(policies, names, cancellationToken), policies, format,
                    terminal with { Out = text });
        }
        catch (HttpRequestException e) when (!isFirst)
        {
            await text.WriteLineAsync(SafeText.Of($"the API server does not answer: {e.Message}"));
        }

        return text.ToString();
    }
}
