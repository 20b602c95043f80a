using System.Diagnostics;
using System.Text.RegularExpressions;

namespace CachePolicyOperator.TestCluster;

/// <summary>The engine that the tests play on, by what its varnishd says of itself.</summary>
public static partial class Engine
{
    private static readonly Lazy<string> Asked = new(Ask);

    /// <summary>Major and minor version, for example <c>7.1</c>.</summary>
    public static string Version => Asked.Value;

    /// <summary>Whether it is of this version or a later one.</summary>
    public static bool IsSince(int major, int minor = 0) => System.Version.Parse(Version) >= new Version(major, minor);

    /// <summary>The field that carries the numbers of its transactions, as it writes the name.</summary>
    public static string NumberField => IsSince(9) ? "X-Vinyl" : "X-Varnish";

    private static string Ask()
    {
        using var process =
            Process.Start(new ProcessStartInfo(Assets.VarnishD, "-V") { RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return VersionLine().Match(said) is { Success: true } match
            ? match.Groups[1].Value
            : throw new InvalidOperationException($"{Assets.VarnishD} -V names no version: {said}");
    }

    // "varnishd (varnish-7.1.1 revision …", "vinyld (vinyl-cache-9.0.1 revision …"
    [GeneratedRegex(@"\([a-z-]+-(\d+\.\d+)\.\d+ revision ")]
    private static partial Regex VersionLine();
}
