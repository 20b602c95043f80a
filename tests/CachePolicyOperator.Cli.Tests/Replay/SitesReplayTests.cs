using CachePolicyOperator.Cli.Terminals;

namespace CachePolicyOperator.Cli.Tests.Replay;

/// <summary>
/// Every refutation of a whole VCL in the manner of a real site, played in a real varnishd: what is said to leak does.
/// </summary>
[Trait("Category", "Slow")]
public sealed class SitesReplayTests
{
    // The only module of these files that comes with no varnishd: `docs/limits.md`.
    private const string NotInstalled = "import vsthrottle;";

    // What a replay alone cannot show, and says so: a page around a fragment, an origin that knows people by more than
    // their requests.
    private static readonly HashSet<string> NotShown =
    [
        "blog", "gazette-any-fragment", "harbour-endings", "museum-fragments", "news-parsed", "news-wall",
        "seedbank-weeded", "toys-all-blocks", "toys-old-answer",
    ];

    private static readonly string Folder =
        Path.Combine(Repository.Root, "tests", "CachePolicyOperator.Core.Tests", "Fixtures", "Sites");

    public static TheoryData<string> Leaking => [.. Directory.EnumerateFiles(Folder, "*.leaking.vcl")
        .Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Leaking))]
    public async Task What_is_refuted_leaks(string file)
    {
        var path = Path.Combine(Folder, file);
        var text = await File.ReadAllTextAsync(path);

        var run = await CliRun.OfAsync(["verify", "--vcl", path, "--replay", .. OptionsOf(text.Split('\n')[0])]);

        if (text.Contains(NotInstalled, StringComparison.Ordinal))
        {
            Assert.Equal(ExitCode.Unusable, run.ExitCode);
            Assert.Contains("vsthrottle", run.Error, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(("", ExitCode.Refused), (run.Error, run.ExitCode));
        Assert.Contains(NotShown.Contains(file.Split('.')[0]) ? "not shown here: " : "it leaks: ", run.Out,
            StringComparison.Ordinal);
    }

    // `# personal: /a /b; cookie: c; header: h; profile: p`.
    private static IEnumerable<string> OptionsOf(string line) =>
        from part in line.TrimStart('#').Split(';', StringSplitOptions.TrimEntries)
        let said = part.Split(": ", 2)
        let option = said[0] is "cookie" or "header" ? $"--identity-{said[0]}" : $"--{said[0]}"
        from value in said[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)
        from word in new[] { option, value }
        select word;
}
