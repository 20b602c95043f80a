using System.CommandLine;
using System.Security.Cryptography;
using CachePolicyOperator.Cli.Output;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Reviews;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>Signs a review without access to a cluster.</summary>
internal static class SignCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("name") { Description = "Name of the CachePolicy." };
        var space = new Option<string>("--namespace", "-n")
        {
            Description = "Namespace of the policy.",
            HelpName = "NAMESPACE",
            Required = true,
        };
        var of = new Option<string>("--of")
        {
            Description = "The text of the revision that you reviewed: what is signed is the digest of this file.",
            HelpName = "FILE",
            Required = true,
        };
        var key = new Option<string>("--key")
        {
            Description = "Your private key, PEM: ECDSA, or RSA with 2048 bits or more.",
            HelpName = "FILE",
            Required = true,
        };
        var keyName = new Option<string>("--key-name")
        {
            Description = "What the policy calls your key.",
            HelpName = "NAME",
            Required = true,
        };
        var verdict = new ReviewOptions();
        var command = new Command("sign", """
            Sign a review of a revision, for a policy that names your public key in `spec.review.keys`. It asks no cluster.
            Whoever runs the site gives you the text of the revision (`cachepolicy review NAME` says where it is); you read it, run
            `cachepolicy verify --vcl` and `cachepolicy diff` on it, and give back what this prints, which anybody may apply.

            Exit code: 0 signed, 2 bad usage or unreadable input.
            """) { name, space, of, key, keyName };
        verdict.AddTo(command, isRequired: true);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                var text = await File.ReadAllTextAsync(parsed.GetRequiredValue(of), cancellationToken);
                var pem = await File.ReadAllTextAsync(parsed.GetRequiredValue(key), cancellationToken);
                var policy = new ResourceName(parsed.GetRequiredValue(space), parsed.GetRequiredValue(name));
                var digest = Digest.Of(text);
                var (said, comment) = (verdict.Of(parsed)!, verdict.Comment(parsed));
                var signature = ReviewStatement.Sign(
                    ReviewStatement.Bytes(policy, digest, said == "Approved", comment), pem);
                await terminal.Out.WriteAsync(SignedReview.Write(
                    policy, digest, said, comment, parsed.GetRequiredValue(keyName), signature));
                return ExitCode.Success;
            }
            catch (Exception error) when (
                error is IOException or UnauthorizedAccessException or CryptographicException)
            {
                await terminal.Error.WriteLineAsync($"error: {SafeText.Of(error.Message)}");
                return ExitCode.Unusable;
            }
        });
        return Examples.Add(command,
            ("cachepolicy sign storefront -n web --of revision.vcl --key auditor.pem --key-name auditor --approve "
                + ">review.yaml",
                "an outside auditor says yes"));
    }
}
