namespace CachePolicyOperator.Core.Tests.Vcl.Corpus;

/// <summary>
/// Where <c>make assets STEPS=varnish-source</c> puts the source of Varnish, whose own tests are a corpus for ours.
/// </summary>
internal static class VarnishSource
{
    public static string Root { get; } = Path.Combine(
        Environment.GetEnvironmentVariable("CACHEPOLICY_ASSETS") is { Length: > 0 } assets
            ? assets
            : Path.Combine(Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
                ? cache
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
                    "cachepolicy"),
        "varnish-source");

    /// <summary>The <c>.vtc</c> files; fails with the remedy where the source is not there.</summary>
    public static IReadOnlyList<string> TestFiles()
    {
        var directory = Path.Combine(Root, "bin", "varnishtest", "tests");
        Assert.True(Directory.Exists(directory), $"{directory} is missing: run `make assets STEPS=varnish-source`");
        return [.. Directory.EnumerateFiles(directory, "*.vtc").Order(StringComparer.Ordinal)];
    }
}
