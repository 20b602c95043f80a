using System.Runtime.CompilerServices;
using CachePolicyOperator.Oracle.Fuzz;
using CachePolicyOperator.Oracle.Shrink;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Oracle.Tests;

/// <summary>
/// What the exploration once considered impossible, each case shrunk: varnishd still does what it did then, and the
/// exploration now foresees it. <c>make fuzz GOLDEN=…</c> writes such cases; UPDATE_GOLDEN=1 writes again what varnishd
/// does.
/// </summary>
[Collection(VarnishTests.Name)]
public sealed class GoldenTests(VarnishFixture fixture)
{
    public static TheoryData<string> Cases() =>
        [.. Directory.EnumerateFiles(Folder(), "*.golden").Select(f => Path.GetFileName(f))
            .Order(StringComparer.Ordinal)];

    // What happened is written down of this engine; of every other it is only judged.
    private const string WrittenOn = "7.1";

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task What_was_once_considered_impossible_is_foreseen(string file)
    {
        var path = Path.Combine(Folder(), file);
        var (about, played, did) = GoldenCase.Read(await File.ReadAllTextAsync(path));

        var (trial, reason) = await fixture.Trials.PlayAsync(played, CancellationToken.None);

        if (trial is null && Engine.Version != WrittenOn)
        {
            // A later engine has not every word; then its own compiler says so, too.
            Assert.NotNull(
                await fixture.Varnish.UseAsync(played.Vcl.Replace(Case.Port, "80", StringComparison.Ordinal),
                CancellationToken.None));
            return;
        }

        Assert.True(trial is not null, reason);
        Assert.Empty(trial.Judgement.Unsound);
        if (Engine.Version != WrittenOn)
        {
            return;
        }

        var does = GoldenCase.Tell(trial.Happenings).TrimEnd();
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(path, GoldenCase.Write(about, played, does));
            return;
        }

        Assert.Equal(did.TrimEnd(), does);
    }

    private static string Folder([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "Golden");
}
