using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Operator.Tests.Cluster;

/// <summary>Whole manifests of README and docs/ are taken as they stand, by the API server and the webhook.</summary>
[Collection(OnOneApiServer.Name)]
[Trait("Category", "Slow")]
public sealed class DocumentedManifestsTests(OperatorFixture fixture)
{
    /// <summary>What is refused by intent: examples of mistakes, and what is made of the code.</summary>
    private static readonly string[] Others = ["diagnostics.md", "api.md", "cli.md"];

    [Fact]
    public async Task What_the_documents_show_to_be_applied_the_API_server_takes()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync(webhook: true);
        // Who purges, purges what a policy caches.
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets));
        using var directory = new TemporaryDirectory("shown");
        var shown = Shown().ToList();

        foreach (var (document, manifest) in shown)
        {
            // Objects are for the namespace of the reader.
            await File.WriteAllTextAsync(
                directory.File("shown.yaml"), manifest.Replace(", namespace: web}", "}", StringComparison.Ordinal));
            var result = await Kubectl.RunAsync(fixture.ControlPlane, world.Space,
                manifest.Contains("generateName:", StringComparison.Ordinal) ? "create" : "apply", "--dry-run=server",
                "--validate=strict", "-f", directory.File("shown.yaml"));
            Assert.True(result.ExitCode == 0, $"{document}:\n{manifest}\n{result.Text}");
        }

        Assert.True(shown.Count >= 3, $"{shown.Count} manifests");
    }

    private static IEnumerable<(string Document, string Manifest)> Shown() =>
        from file in Directory.EnumerateFiles(Kubectl.Repository("docs"), "*.md")
            .Append(Kubectl.Repository("README.md"))
        where !Others.Contains(Path.GetFileName(file))
        from block in File.ReadAllText(file).Split("```yaml\n").Skip(1).Select(b => b.Split("\n```")[0])
        where block.StartsWith("apiVersion:", StringComparison.Ordinal)
        select (Path.GetFileName(file), block);
}
