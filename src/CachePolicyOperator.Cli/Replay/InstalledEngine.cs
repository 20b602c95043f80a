using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using CachePolicyOperator.Core.Vcl;

namespace CachePolicyOperator.Cli.Replay;

/// <summary>What is asked about where nobody says which engine runs the VCL.</summary>
internal static partial class InstalledEngine
{
    private static readonly EngineVersion Oldest = new(7, 0);

    /// <summary>
    /// The version of the varnishd that a replay would run; the newest that proofs were tried against where none is
    /// installed, or one that no proof is about.
    /// </summary>
    public static EngineVersion OrNewest(Func<string, string?> variable) =>
        VarnishProgram.Find(variable) is { } program ? Of(Ask(program)) : EngineVersion.Newest;

    /// <summary>By what a program says to <c>-V</c>.</summary>
    internal static EngineVersion Of(string said) =>
        VersionLine().Match(said) is { Success: true } match
            && EngineVersion.TryParse(match.Groups[1].Value, out var installed)
            && installed >= Oldest && installed <= EngineVersion.Newest
                ? installed : EngineVersion.Newest;

    private static string Ask(string program)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, "-V") { RedirectStandardError = true, RedirectStandardOutput = true })!;
            return process.StandardError.ReadToEnd();
        }
        catch (Win32Exception)
        {
            return "";
        }
    }

    // "varnishd (varnish-7.1.1 revision …", "vinyld (vinyl-cache-9.0.1 revision …"
    [GeneratedRegex(@"\((?:varnish|vinyl-cache)-(\d+\.\d+)[. ]")]
    private static partial Regex VersionLine();
}
