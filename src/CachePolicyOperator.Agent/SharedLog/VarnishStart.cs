using System.Globalization;

namespace CachePolicyOperator.Agent.SharedLog;

/// <summary>
/// When the process that serves was started: what tells its transaction numbers from those of the one before.
/// </summary>
internal static class VarnishStart
{
    private static readonly string[] StateDirectories = ["/var/lib/varnish", "/var/lib/vinyl-cache"];

    /// <summary>Read from varnishd's working directory; null where it is not there.</summary>
    public static DateTimeOffset? Read(string varnishName)
    {
        // varnishd -n takes a path, or a name below its state directory, which is called as the project is.
        var directory = Array.Find([varnishName, .. StateDirectories.Select(d => Path.Combine(d, varnishName))],
            d => Path.IsPathRooted(d) && Directory.Exists(d)) ?? varnishName;
        try
        {
            // "# 24947 1795360466": process number and time of start.
            using var index = File.OpenText(Path.Combine(directory, "_.vsm_child", "_.index"));
            var words = (index.ReadLine() ?? "").Split(' ');
            return words is ["#", var process, var start]
                && int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && long.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                // Whole seconds alone would make two quick starts one: the process number goes into the fraction.
                ? DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(number)
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }
}
