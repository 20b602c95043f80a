using CachePolicyOperator.Core.Routes.Origins;
using CachePolicyOperator.Origins.Reporting;
using CachePolicyOperator.Origins.Running;

namespace CachePolicyOperator.Origins;

/// <summary>Runs the frameworks, writes what they did beside this code, and the page about it.</summary>
internal static class OriginsCommand
{
    private const string RecordedDirectory = "tests/CachePolicyOperator.Origins/Recorded";

    /// <summary>1 where a framework reached a personal page by a target that its profile does not know.</summary>
    public static async Task<int> RunAsync(
        string repository, string prefix, TextWriter output, CancellationToken cancellationToken)
    {
        foreach (var framework in Frameworks.All.Where(f => f.Id.StartsWith(prefix, StringComparison.Ordinal)))
        {
            var recording = framework == Frameworks.AspNetCore
                ? await RecordAspNetCoreAsync(cancellationToken)
                : await FrameworkProcess.RecordAsync(framework, repository, cancellationToken);
            await File.WriteAllTextAsync(PathOf(repository, framework), RecordingFile.Write(recording),
                cancellationToken);
            await output.WriteLineAsync(
                $"{framework.Id,-24} {recording.Version}: {recording.Resolved.Count} targets reach a personal page");
        }

        var trials = Trials(repository);
        await File.WriteAllTextAsync(Path.Combine(repository, "docs/origin-profiles.md"), ProfilesPage.Write(trials),
            cancellationToken);
        Trial[] all = [.. trials,
            .. trials.Where(t => t.Framework.Profile != OriginProfiles.Strict)
            .Select(t => t.WithProfile(OriginProfiles.Strict))];
        foreach (var (trial, missed) in all.SelectMany(t => t.Missed.Select(m => (t, m))))
        {
            await output.WriteLineAsync(
                $"MISSED by {trial.Framework.Profile}: {trial.Framework.Id} reads "
                    + $"`{RecordingFile.Escape(missed.Target)}` as `{missed.Page}`");
        }

        return all.Any(t => t.Missed.Count > 0) ? 1 : 0;
    }

    private static async Task<Recording> RecordAspNetCoreAsync(CancellationToken cancellationToken)
    {
        await using var origin = await AspNetCoreOrigin.StartAsync();
        return new Recording(Frameworks.AspNetCore.Id, $"{Frameworks.AspNetCore.Name} {Environment.Version}",
            await Recorder.RunAsync(origin.Port, Frameworks.AspNetCore.Routes, cancellationToken));
    }

    private static Trial[] Trials(string repository) =>
    [
        .. Frameworks.All.Where(f => File.Exists(PathOf(repository, f)))
            .Select(f => new Trial(f, RecordingFile.Parse(f.Id, File.ReadAllText(PathOf(repository, f))))),
    ];

    private static string PathOf(string repository, Framework framework) =>
        Path.Combine(repository, RecordedDirectory, $"{framework.Id}.tsv");
}
