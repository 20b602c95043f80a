using CachePolicyOperator.Core;
using CachePolicyOperator.TestStage;
using CachePolicyOperator.TestStage.Watching;

namespace CachePolicyOperator.Chaos;

/// <summary>What must be so after every step, whatever was done.</summary>
internal sealed class Invariants(ChaosSite site)
{
    private const string BypassMark = "# Level Bypassed:";

    private readonly HashSet<string> _proven = new(StringComparer.Ordinal);

    /// <summary>Everything that is not as it must be, in words.</summary>
    public async Task<IReadOnlyList<string>> CheckAsync(TimeSpan from, CancellationToken cancellationToken)
    {
        var record = site.Scene.Watch.Record();
        _proven.UnionWith(record.Looks.Select(l => l.Proven).OfType<string>());
        var judged = Judgement.Of(record.Since(from), site.Scene.Leaks, site.Unattended, site.Disconnected);
        List<string> broken = [.. judged.Findings];
        if (await UnprovenAsync(cancellationToken) is { } unproven)
        {
            broken.Add(unproven);
        }

        return broken;
    }

    /// <summary>An order that was given is carried out, and a status that says it is on the way arrives.</summary>
    public async Task<string?> SettlesAsync(CancellationToken cancellationToken)
    {
        try
        {
            await site.Scene.Site.UntilAsync("pods and entries to be as wanted", _ => Task.FromResult(
                site.Scene.Watch.Record().Looks is [.., var look]
                && (look.Conditions == SiteWatch.NoPolicy
                    || (look.Level is not null && !look.Conditions.Contains("LevelReached=", StringComparison.Ordinal))
                    || IsStill(look))), cancellationToken);
            return null;
        }
        catch (StageException vain)
        {
            return vain.Message;
        }
    }

    // Nothing is cached where nobody could cache, and the status says so.
    private static bool IsStill(Look look) =>
        look.Level == "NoCache" && look.Conditions.Contains("Programmed=False", StringComparison.Ordinal);

    // Asked a few times: the agent may be about to notice it.
    private async Task<string?> UnprovenAsync(CancellationToken cancellationToken)
    {
        string? seen = null;
        for (var i = 0; i < 5; i++)
        {
            seen = null;
            foreach (var pod in await BackDoor.VarnishesAsync(site.Stage, site.Space, cancellationToken))
            {
                if (await BackDoor.ServingAsync(site.Stage, site.Space, pod, cancellationToken) is { } text
                    && !text.Contains(BypassMark, StringComparison.Ordinal)
                    && !_proven.Contains(Digest.Of(text).ToString()))
                {
                    seen = $"{pod} serves with {Digest.Of(text)}, which was never "
                        + $"proven:\n{text[..Math.Min(300, text.Length)]}";
                }
            }

            if (seen is null)
            {
                return null;
            }

            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken);
            _proven.UnionWith(site.Scene.Watch.Record().Looks.Select(l => l.Proven).OfType<string>());
        }

        return seen;
    }
}
