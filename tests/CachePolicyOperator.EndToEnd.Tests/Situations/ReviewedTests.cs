using System.Security.Cryptography;
using CachePolicyOperator.TestCluster;
using CachePolicyOperator.TestStage;
using CachePolicyOperator.TestStage.Situations;

namespace CachePolicyOperator.EndToEnd.Tests.Situations;

/// <summary>
/// A revision that an outside auditor reviews, as the documentation says, with the tool and the real operator.
/// </summary>
[Collection(PlayedAlone.Name)]
[Trait("Category", "Slow")]
public sealed class ReviewedTests(PlayedStage played)
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task What_an_auditor_signed_serves_and_what_he_did_not_waits()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var directory = new TemporaryDirectory("auditor");
        await File.WriteAllTextAsync(directory.File("key.pem"), key.ExportPkcs8PrivateKeyPem(), Never);
        played.Stage.LaunchOperator();
        var site = await Site.OpenAsync(played.Stage, "web-reviewed", Never);
        var pem = key.ExportSubjectPublicKeyInfoPem().Replace("\n", "\\n", StringComparison.Ordinal);
        string Policy(string ttl) => $"{Storefront.GoodPolicy(ttl)}\n"
            + $"  review: {{required: 1, keys: [{{name: auditor, publicKey: \"{pem}\"}}]}}";

        await site.ApplyAsync(Policy("1m"), Never);
        await ShownAsync(site, "0 of 1 reviews by key auditor");
        await SignAsync(site, directory);
        await site.UntilProgrammedAsync(2, Never);
        var first = (await site.PolicyAsync(Never)).Status!.Revision!.Active;

        await site.ApplyAsync(Policy("2m"), Never);
        await ShownAsync(site, "0 of 1 reviews by key auditor");
        Assert.Equal(first, (await site.PolicyAsync(Never)).Status!.Revision!.Active);
        await SignAsync(site, directory);
        await site.UntilAsync("the second serves", async token =>
            (await site.PolicyAsync(token)).Status!.Revision!.Active is { } active && active != first, Never);
        Assert.Contains("approved by: key auditor", (await site.CliAsync(Never, "review", Storefront.Policy)).Text,
            StringComparison.Ordinal);
        await SituationRun.TearDownAsync(site, Never);
    }

    private static Task ShownAsync(Site site, string said) => site.UntilAsync(said, async token =>
        (await site.CliAsync(token, "review", Storefront.Policy)).Text.Contains(said, StringComparison.Ordinal), Never);

    /// <summary>Takes the text as the tool says, signs it without a cluster, and applies what that printed.</summary>
    private static async Task SignAsync(Site site, TemporaryDirectory directory)
    {
        var shown = await site.CliAsync(Never, "review", Storefront.Policy);
        var command = shown.Text.Split('\n').Single(l => l.Contains("its text: kubectl ", StringComparison.Ordinal))
            .Split("kubectl ")[1];
        var taken = await ChildProcess.RunAsync(
            new ChildProcessOptions("/bin/sh",
            [
                "-c", $"exec \"$0\" --kubeconfig \"$1\" {command} >\"$2\"", Assets.Kubectl, site.Stage.Kubeconfig,
                directory.File("revision.vcl"),
            ]),
            Never);
        Assert.True(taken.ExitCode == 0, taken.Text);
        var signed = await ChildProcess.RunAsync(
            new ChildProcessOptions(Programs.Cli,
            [
                "sign", Storefront.Policy, "-n", site.Space, "--of", directory.File("revision.vcl"),
                "--key", directory.File("key.pem"), "--key-name", "auditor", "--approve",
            ]),
            Never);
        Assert.True(signed.ExitCode == 0, signed.Text);
        await site.ApplyAsync(signed.Text, Never);
    }
}
