using System.Runtime.CompilerServices;
using CachePolicyOperator.Oracle.Shrink;

namespace CachePolicyOperator.Oracle.Tests;

/// <summary>
/// What the exploration once considered impossible, each case shrunk: varnishd still does what it did then, and the
/// exploration now foresees it. <c>make fuzz GOLDEN=…</c> writes such cases; UPDATE_GOLDEN=1 writes again what varnishd does.
/// </summary>
[Collection(VarnishTests.Name)]
public sealed class GoldenTests(VarnishFixture fixture)
{
    public static TheoryData<string> Cases() =>
        [.. Directory.EnumerateFiles(Folder(), "*.golden").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task What_was_once_considered_impossible_is_foreseen(string file)
    {
        var path = Path.Combine(Folder(), file);
        var (about, played, did) = GoldenCase.Read(await File.ReadAllTextAsync(path));

        var (trial, reason) = await fixture.Trials.PlayAsync(played, CancellationToken.None);

        Assert.True(trial is not null, reason);
        Assert.Empty(trial.Judgement.Unsound);
        var does = GoldenCase.Tell(trial.Happenings).TrimEnd();
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(path, GoldenCase.Write(about, played, does));
            return;
        }

        Assert.Equal(did.TrimEnd(), does);
    }

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Golden");
}
