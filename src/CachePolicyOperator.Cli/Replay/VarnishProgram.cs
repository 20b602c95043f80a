namespace CachePolicyOperator.Cli.Replay;

/// <summary>Finds the varnishd that a replay runs.</summary>
internal static class VarnishProgram
{
    public const string Remedy =
        "install Varnish (Debian: `apt install varnish`) or Vinyl Cache, or set VARNISHD to its program";

    /// <summary>What <c>VARNISHD</c> names, else the first on the <c>PATH</c>; null where there is none.</summary>
    public static string? Find(Func<string, string?> variable)
    {
        if (variable("VARNISHD") is { Length: > 0 } named)
        {
            return File.Exists(named) ? named : null;
        }

        // Debian keeps it in sbin, which is not on everybody's path.
        return (variable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Concat(["/usr/sbin", "/usr/local/sbin"])
            .SelectMany(d => new[] { Path.Combine(d, "varnishd"), Path.Combine(d, "vinyld") })
            .FirstOrDefault(File.Exists);
    }
}
