using System.Text.Json;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using CachePolicyOperator.Runtime.Webhooks;
using k8s.Models;

namespace CachePolicyOperator.Operator.Reviews;

/// <summary>
/// Who was seen to write what becomes a revision: the policy, its VCL, or personal routes that bind it. The webhook of
/// any replica sees it; the leader keeps it.
/// </summary>
internal sealed class Authorship(SealedNotes notes)
{
    /// <summary>
    /// Notes who writes what a review is demanded of; nobody who was noted before is forgotten.
    /// </summary>
    /// <param name="inForce">Null where nothing is.</param>
    /// <returns>What kept it from being noted, and then nothing may be written; null where nothing did.</returns>
    public async Task<string?> NoteAsync(
        NamespacedName policy, PolicySet set, InForce? inForce, ProvenRevision revision, AdmissionContext context,
        CancellationToken cancellationToken)
    {
        if (context.DryRun
            || ReviewDesk.Demands(set, inForce).Count == 0
            || inForce?.Revision == revision.Digest)
        {
            return null;
        }

        try
        {
            await NoteAsync(policy, revision, context.User.Name, cancellationToken);
            return null;
        }
        catch (Exception error) when (error is ApiException or HttpRequestException or TimeoutException)
        {
            return $"a review is demanded of policy `{policy.Name}`, and who writes what is to be reviewed could not "
                + "be noted; "
                + $"try again in a few seconds ({error.Message})";
        }
    }

    /// <summary>Everybody who was seen of late; null where nobody was.</summary>
    public async Task<IReadOnlyList<string>?> FindAsync(
        NamespacedName policy, Digest blind, CancellationToken cancellationToken) =>
        await notes.FindAsync(policy, Subject(blind), cancellationToken) is { } noted ? Read(noted) : null;

    private Task NoteAsync(
        NamespacedName policy, ProvenRevision revision, string user, CancellationToken cancellationToken) =>
        notes.NoteAsync(
            new V1ObjectReference
            {
                ApiVersion = ApiGroup.NameAndVersion,
                Kind = CachePolicy.KubeKind,
                Name = policy.Name,
                NamespaceProperty = policy.Namespace,
            },
            Subject(Blind(revision)),
            "Written",
            $"`{user}` wrote what becomes revision {revision.Digest.Abbreviated}",
            before => JsonSerializer.Serialize(Read(before).Append(user).Distinct().Order(StringComparer.Ordinal)),
            cancellationToken);

    /// <summary>The revision wherever its origin is: that may not be known yet when somebody writes.</summary>
    public static Digest Blind(ProvenRevision revision) => OriginBlind.DigestOf(revision.Text);

    private static string Subject(Digest blind) => $"author {blind}";

    private static string[] Read(string? noted) =>
        noted is null ? [] : JsonSerializer.Deserialize<string[]>(noted) ?? [];
}
