using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Questions;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Revisions;

namespace CachePolicyOperator.Operator.Proofs;

/// <summary>What a revision makes cacheable that the one in force does not.</summary>
internal sealed class RevisionChanges(RevisionArchive archive, PolicyProofs proofs, ProofPool pool)
{
    /// <summary>
    /// For an admission request that has its answer: while its patience lasts, or it is said that it could not be told.
    /// </summary>
    public async Task<IReadOnlyList<Diagnostic>> AskAsync(
        string user, IEnumerable<(CachePolicy Policy, ProvenRevision Next)> revisions,
        CancellationToken cancellationToken)
    {
        var questions = revisions.Select(r => (r.Policy, Compare: Question(r.Policy, r.Next)))
            .Where(q => q.Compare is not null).ToArray();
        if (questions.Length == 0)
        {
            return [];
        }

        try
        {
            return await proofs.AnswerAsync(
                user,
                token => questions.SelectMany(q =>
                {
                    token.ThrowIfCancellationRequested();
                    return q.Compare!();
                }).ToArray(),
                cancellationToken, isAside: true);
        }
        catch (ProofsBusyException busy)
        {
            var metadata = questions[0].Policy.Metadata;
            return
            [
                Diagnostic.Warning(NewlyCacheable.Code, "spec",
                    $"what this makes cacheable that was not could not be told: {busy.Message}",
                    $"`cachepolicy diff --live {metadata.Name} -n {metadata.NamespaceProperty} FILE` tells it, and "
                        + "soon the policy's `status.revision.newlyCacheable`"),
            ];
        }
    }

    /// <summary>For a controller, before the revision comes into force: however long it takes.</summary>
    public async Task<IReadOnlyList<Diagnostic>> AskAsync(
        CachePolicy policy, ProvenRevision next, CancellationToken cancellationToken) =>
        Question(policy, next) is { } compare
            ? await pool.RunAsync(ProofPool.Operator, compare, cancellationToken)
            : [];

    // Null where nothing is in force, or the same, or its text is not known any more.
    private Func<IReadOnlyList<Diagnostic>>? Question(CachePolicy policy, ProvenRevision next) =>
        archive.FindInForce(policy) is { } inForce && inForce.Revision != next.Digest
        && archive.FindRevision(policy, inForce.Revision) is { } before
        && EngineVersion.TryParse(next.Proof.EngineVersion, out var engine)
            ? () =>
            [
                .. NewlyCacheable.Warnings(VclComparer.Compare(
                    VclParser.Parse("before.vcl", before.Vcl), VclParser.Parse("after.vcl", next.Text), engine)),
            ]
            : null;
}
