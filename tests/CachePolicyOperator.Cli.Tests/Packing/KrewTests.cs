using System.Security.Cryptography;
using CachePolicyOperator.Entities.Documents;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Cli.Tests.Packing;

/// <summary>
/// What krew is given is what it asks for (its own rules, apiVersion v1alpha2), and the archive holds a program that
/// runs.
/// </summary>
public sealed class KrewTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new("krew");

    [Fact]
    public async Task The_manifest_has_what_krew_wants_and_the_archive_has_its_sum_and_the_program()
    {
        // The program that ships, where it is given; else what stands beside the tests, which runs from there alone.
        var program = Environment.GetEnvironmentVariable("CACHEPOLICY_PROGRAM");
        var packed = await RunAsync("bash", ["charts/krew/krew.sh", "https://downloads.example.com/v1"], new()
        {
            ["PROGRAM"] = program ?? Path.Combine(AppContext.BaseDirectory, "cachepolicy"),
            ["OUT"] = _directory.File("out"),
        });
        Assert.True(packed.ExitCode == 0, packed.Text);

        var manifest = YamlDocuments.Read(await File.ReadAllBytesAsync(_directory.File("out/cachepolicy.yaml")),
            null).Documents[0];
        var spec = manifest.Root.Find("spec")!;
        var platform = Assert.Single(spec.Find("platforms")!.Items);
        var (uri, bin) = (platform.Find("uri")!.Text, platform.Find("bin")!.Text);
        var archive = _directory.File($"out/{uri.Split('/')[^1]}");

        Assert.Equal(("krew.googlecontainertools.github.com/v1alpha2", "Plugin", "cachepolicy"),
            (manifest.ApiVersion, manifest.Kind, manifest.Name));
        Assert.Matches(@"^v\d+\.\d+\.\d+$", spec.Find("version")!.Text);
        Assert.InRange(spec.Find("shortDescription")!.Text.Length, 1, 50);
        Assert.StartsWith("https://downloads.example.com/v1/cachepolicy-v", uri, StringComparison.Ordinal);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(archive))),
            platform.Find("sha256")!.Text);
        Assert.Equal("linux", platform.Find("selector")!.Find("matchLabels")!.Find("os")!.Text);
        Assert.Equal(("cachepolicy", "."),
            (platform.Find("files")!.Items[0].Find("from")!.Text, platform.Find("files")!.Items[0].Find("to")!.Text));

        await RunAsync("tar", ["-xzf", archive, "-C", _directory.File("out")], []);
        Assert.Equal(0, (await RunAsync("test", ["-x", _directory.File($"out/{bin}")], [])).ExitCode);
        if (program is not null)
        {
            Assert.StartsWith("cachepolicy ", (await RunAsync(_directory.File($"out/{bin}"), ["version"], [])).Text,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_an_address_nothing_is_packed_and_it_says_what_is_missing()
    {
        var run = await RunAsync("bash", ["charts/krew/krew.sh"], []);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("say where the archive will be", run.Text, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private static Task<ProcessResult> RunAsync(
        string program, string[] arguments, Dictionary<string, string?> environment) =>
        ChildProcess.RunAsync(
            new ChildProcessOptions(program, arguments)
            {
                Environment = environment,
                WorkingDirectory = Repository.Root
            }, CancellationToken.None);
}
