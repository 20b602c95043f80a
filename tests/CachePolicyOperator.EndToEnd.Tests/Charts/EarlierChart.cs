using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.EndToEnd.Tests.Charts;

/// <summary>
/// The chart, or its kinds, as they were before they were last changed, out of the history of this checkout. Where
/// there is no history (an archive of the source, or a clone of one commit), it is the chart as it is.
/// </summary>
internal sealed class EarlierChart : IDisposable
{
    private readonly TemporaryDirectory _directory = new("chart");

    private EarlierChart(string? commit) => Commit = commit;

    /// <summary>Where it is from; null without a history.</summary>
    public string? Commit { get; }

    public string Path => Commit is null ? Repository.Chart : _directory.File("charts/cache-policy-operator");

    /// <param name="changed">What the last change is looked for in: the chart, or a directory of it.</param>
    public static async Task<EarlierChart> BeforeAsync(string changed)
    {
        var chart = new EarlierChart(await CommitAsync(changed));
        if (chart.Commit is not null)
        {
            var unpacked = await ChildProcess.RunAsync(
                new ChildProcessOptions(
                    "/bin/sh",
                    ["-c", "git -C \"$0\" archive \"$1\" charts/cache-policy-operator | tar -x -C \"$2\"",
                        Repository.Root, chart.Commit, chart._directory.Path]),
                CancellationToken.None);
            Assert.True(unpacked.ExitCode == 0, unpacked.Text);
        }

        return chart;
    }

    public void Dispose() => _directory.Dispose();

    private static async Task<string?> CommitAsync(string changed)
    {
        // What is changed and not committed is the last change.
        var isChanged = (await GitAsync("status", "--porcelain", "--", changed)) is { ExitCode: 0, Text.Length: > 0 };
        var last = await GitAsync("log", "-1", "--format=%H", "--", changed);
        var before = last.ExitCode != 0 || last.Text.Trim().Length == 0 ? last
            : await GitAsync("rev-parse", "--verify", "--quiet", isChanged ? "HEAD" : $"{last.Text.Trim()}~1");
        return before.ExitCode == 0 && before.Text.Trim() is { Length: > 0 } commit ? commit : null;
    }

    private static Task<ProcessResult> GitAsync(params string[] arguments) => ChildProcess.RunAsync(
        new ChildProcessOptions("git", ["-C", Repository.Root, .. arguments]), CancellationToken.None);
}
