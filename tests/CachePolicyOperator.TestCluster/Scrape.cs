using System.Globalization;
using System.Text.RegularExpressions;

namespace CachePolicyOperator.TestCluster;

/// <summary>What a program answered when it was asked for its metrics.</summary>
public sealed partial class Scrape
{
    private readonly List<(string Name, IReadOnlyDictionary<string, string> Labels, double Value)> _samples = [];

    private Scrape(string text)
    {
        Text = text;
        foreach (var match in Sample().Matches(text).Cast<Match>())
        {
            var labels = Label().Matches(match.Groups["labels"].Value)
                .ToDictionary(l => l.Groups["name"].Value, l => l.Groups["value"].Value);
            _samples.Add(
                (match.Groups["name"].Value, labels,
                double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture)));
        }
    }

    public string Text { get; }

    /// <summary>What is told, by name: each metric once, whatever series it has.</summary>
    public IEnumerable<string> Names => Type().Matches(Text).Select(m => m.Groups[1].Value);

    /// <summary>The values of all labels, whatever they are called.</summary>
    public IEnumerable<string> LabelValues => _samples.SelectMany(s => s.Labels.Values).Distinct();

    public static async Task<Scrape> OfAsync(Uri address, CancellationToken cancellationToken = default)
    {
        using var client = new HttpClient();
        return new Scrape(await client.GetStringAsync(address, cancellationToken));
    }

    /// <summary>
    /// The sum of the series of that name that have these labels, among others; null where there is none.
    /// </summary>
    public double? Value(string name, params (string Label, string Value)[] labels)
    {
        var found = _samples
            .Where(s => s.Name == name
                && labels.All(l => s.Labels.TryGetValue(l.Label, out var value) && value == l.Value))
            .ToArray();
        return found.Length == 0 ? null : found.Sum(s => s.Value);
    }

    /// <summary>What Prometheus' own judge says of it: exit code 0 and no word where all is as it should be.</summary>
    public async Task<ProcessResult> JudgeAsync()
    {
        using var directory = new TemporaryDirectory("scrape");
        await File.WriteAllTextAsync(directory.File("metrics"), Text);
        return await ChildProcess.RunAsync(
            new ChildProcessOptions("/bin/sh",
                ["-c", "exec \"$0\" check metrics <\"$1\"", Assets.Promtool, directory.File("metrics")]),
            CancellationToken.None);
    }

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(?<labels>.*)\})? (?<value>[^ \n]+)""",
        RegexOptions.Multiline)]
    private static partial Regex Sample();

    [GeneratedRegex("^# TYPE ([a-zA-Z0-9_:]+)", RegexOptions.Multiline)]
    private static partial Regex Type();

    [GeneratedRegex("""(?<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>(?:[^"\\]|\\.)*)["]""")]
    private static partial Regex Label();
}
