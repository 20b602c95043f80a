using System.Globalization;

namespace CachePolicyOperator.Agent.Varnish;

/// <summary>A ban that some stored object has not been tried against yet, as <c>ban.list</c> shows it.</summary>
/// <param name="At">When it was made, by the clock of varnishd.</param>
internal sealed record BanEntry(DateTimeOffset At)
{
    private const string Completed = "C";

    // "1701300000.123456     4 -  obj.status != 0": time, objects that refer to it, flags, the tests.
    public static IReadOnlyList<BanEntry> ReadAll(string list) =>
    [
        .. from line in list.Split('\n')
           let words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
           where words.Length >= 3 && words[2] != Completed
           let seconds = Seconds(words[0])
           where seconds is not null
           select new BanEntry(DateTimeOffset.UnixEpoch.AddSeconds(seconds.Value)),
    ];

    private static double? Seconds(string word) =>
        double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;
}
