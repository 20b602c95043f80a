using System.Security.Cryptography;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Reviews;
using CachePolicyOperator.Entities.Documents;
using CachePolicyOperator.Entities.Reading;

namespace CachePolicyOperator.Cli.Tests.Commands;

/// <summary>A review that is signed without a cluster.</summary>
public sealed class SignTests : IDisposable
{
    private const string Text = "vcl 4.1;\n";

    private readonly ScratchDirectory _directory = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose()
    {
        _directory.Dispose();
        _key.Dispose();
    }

    [Theory]
    [InlineData("--approve", true)]
    [InlineData("--reject", false)]
    public async Task What_is_printed_is_a_review_that_the_key_signed(string verdict, bool approved)
    {
        var run = await SignAsync(_key.ExportPkcs8PrivateKeyPem(), verdict, "--comment", "well: \"read\"");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var documents = YamlDocuments.Read(System.Text.Encoding.UTF8.GetBytes(run.Out), "review.yaml");
        var review = ReviewReader.Read(Assert.Single(documents.Documents)).Value!;
        Assert.Equal(("web", "storefront", Digest.Of(Text), approved),
            (review.Name.Namespace, review.Policy, review.Digest, review.Approved));
        Assert.Equal(("auditor", "well: \"read\""), (review.Signature!.Key, review.Comment));
        Assert.True(ReviewStatement.IsSigned(review, _key.ExportSubjectPublicKeyInfoPem()));
    }

    [Fact]
    public async Task A_key_that_cannot_sign_and_a_missing_verdict_are_told()
    {
        var odd = await SignAsync("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "--approve");
        var silent = await SignAsync(_key.ExportPkcs8PrivateKeyPem());
        var both = await SignAsync(_key.ExportPkcs8PrivateKeyPem(), "--approve", "--reject");

        Assert.Equal((2, 2, 2), (odd.ExitCode, silent.ExitCode, both.ExitCode));
        Assert.Contains("no private key in PEM", odd.Error, StringComparison.Ordinal);
        Assert.Contains("`--approve` or `--reject`", silent.Error, StringComparison.Ordinal);
        Assert.Contains("one of `--approve` and `--reject`", both.Error, StringComparison.Ordinal);
    }

    private Task<CliRun> SignAsync(string key, params string[] more) => CliRun.OfAsync(
    [
        "sign", "storefront", "-n", "web", "--of", _directory.Write("revision.vcl", Text),
        "--key", _directory.Write("key.pem", key), "--key-name", "auditor", .. more,
    ]);
}
