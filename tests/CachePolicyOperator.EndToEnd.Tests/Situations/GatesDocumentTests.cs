using CachePolicyOperator.TestStage.Ways;

namespace CachePolicyOperator.EndToEnd.Tests.Situations;

/// <summary>The table of docs/gates.md is what is played; <c>UPDATE_GOLDEN=1</c> writes it anew.</summary>
public sealed class GatesDocumentTests
{
    private const string Begin = "<!-- ways: made by GatesDocumentTests -->\n";
    private const string End = "<!-- end -->";

    [Fact]
    public async Task The_table_of_ways_in_is_the_one_that_is_played()
    {
        var path = Path.Combine(Repository.Root, "docs", "gates.md");
        var text = await File.ReadAllTextAsync(path);
        var (begin, end) =
            (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(path, text[..begin] + Table() + text[end..]);
            return;
        }

        Assert.Equal(Table(), text[begin..end]);
    }

    private static string Table() =>
        $"""
        | # | way in | all gates | no webhook | agents alone |
        |---|---|---|---|---|
        {string.Join('\n', WaysIn.All.Select((w, i) => $"| {i + 1} | {w.Name} | {w.All} | {w.WithoutWebhook} | {w.AgentsAlone} |"))}

        """;
}
