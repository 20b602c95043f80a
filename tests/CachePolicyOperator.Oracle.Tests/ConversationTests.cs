using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Oracle.Tests;

/// <summary>
/// What the proof takes for granted of an engine, each a conversation that varnishtest plays. Where later engines
/// differ, the conversation for them is in <c>Conversations/since-…</c>.
/// </summary>
public sealed class ConversationTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Conversations");

    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Folder, "*.vtc").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_engine_does_as_the_conversation_says(string name)
    {
        using var directory = new TemporaryDirectory("vtc");
        var path = directory.File(name);
        var text = await File.ReadAllTextAsync(ForThisEngine(name));
        await File.WriteAllTextAsync(path,
            text.Replace("x-varnish", Engine.NumberField, StringComparison.OrdinalIgnoreCase));

        // It runs the `varnishd` that it finds first, by a shell.
        var programs = Path.GetDirectoryName(Assets.VarnishD)!;
        var result = await ChildProcess.RunAsync(
            new ChildProcessOptions(Assets.VarnishTest,
                ["-v", "-t", "300", "-p", $"'{VarnishOptions.QuickCompiler}'", path])
            {
                Environment = new Dictionary<string,
                    string?>
                { ["PATH"] = $"{programs}:{Environment.GetEnvironmentVariable("PATH")}" },
            },
            CancellationToken.None);

        Assert.True(result.ExitCode == 0,
            string.Join('\n',
            result.Lines.Where(l => l.StartsWith("----", StringComparison.Ordinal)).Append(result.Text).Take(2)));
    }

    // The one of the newest engine that is not newer than this.
    private static string ForThisEngine(string name) =>
        Directory.GetDirectories(Folder, "since-*")
            .Select(d => (Path: Path.Combine(d, name), Since: Version.Parse(Path.GetFileName(d)["since-".Length..])))
            .Where(f => f.Since <= Version.Parse(Engine.Version) && File.Exists(f.Path))
            .OrderByDescending(f => f.Since).Select(f => f.Path).FirstOrDefault() ?? Path.Combine(Folder, name);
}
