namespace CachePolicyOperator.Cli.Tests.Documents;

/// <summary>A document that is made of the code: the test compares it, and UPDATE_GOLDEN=1 writes it.</summary>
internal static class WrittenDocument
{
    public static async Task AssertAsync(string name, string text)
    {
        var file = Path.Combine(Repository.Root, "docs", name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(file, text);
            return;
        }

        var written = File.Exists(file) ? await File.ReadAllTextAsync(file) : "";
        if (written != text)
        {
            Assert.Fail(
                $"docs/{name} is not what the code says: make docs; first difference: {Difference(written, text)}");
        }
    }

    private static string Difference(string written, string made)
    {
        var (old, now) = (written.Split('\n'), made.Split('\n'));
        var at = Enumerable.Range(0, Math.Max(old.Length, now.Length))
            .First(i => i >= old.Length || i >= now.Length || old[i] != now[i]);
        return $"line {at + 1}: `{old.ElementAtOrDefault(at)}` should be `{now.ElementAtOrDefault(at)}`";
    }
}
