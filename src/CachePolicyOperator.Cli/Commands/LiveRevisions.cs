using CachePolicyOperator.Cli.Cluster;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>What serves for a policy in the cluster, and what is to come after it.</summary>
internal sealed class LiveRevisions(PolicyCluster policies, string name, Terminal terminal)
{
    /// <summary>The VCL that every pod was last seen to serve with; null, and said, where there is none.</summary>
    public async Task<VclParse?> ActiveAsync(CancellationToken cancellationToken)
    {
        var policy = await policies.PolicyAsync(name, cancellationToken);
        return await ReadAsync("serves", Digest.Read(policy.Status?.Revision?.Active), cancellationToken);
    }

    /// <summary>What waits for a review, is on trial, or is proven and not everywhere yet.</summary>
    public async Task<VclParse?> NextAsync(CancellationToken cancellationToken)
    {
        var status = (await policies.PolicyAsync(name, cancellationToken)).Status;
        return await ReadAsync("is to come", Next(status), cancellationToken);
    }

    private static Digest? Next(CachePolicyStatus? status)
    {
        var reviewed = status?.Conditions?.FirstOrDefault(c => c.Type == PolicyConditions.Reviewed)?.Status;
        return Digest.Read(reviewed == "False" ? status?.Review?.Revision : null)
            ?? Digest.Read(status?.Revision?.Proven);
    }

    private async Task<VclParse?> ReadAsync(string what, Digest? digest, CancellationToken cancellationToken)
    {
        if (digest is not { } revision)
        {
            return await FailAsync($"no revision of it {what}");
        }

        return await policies.RevisionAsync(revision, cancellationToken) is { } text
            ? VclParser.Parse($"{policies.Namespace}/{name}@{revision.Abbreviated}", text)
            : await FailAsync($"the text of revision {revision.Abbreviated} is not kept any more");
    }

    private async Task<VclParse?> FailAsync(string message)
    {
        await terminal.Error.WriteLineAsync(
            $"error: {policies.Namespace}/{name}: {message}\nhelp: `cachepolicy status {name} -n {policies.Namespace}` "
                + "tells what there is");
        return null;
    }
}
