namespace CachePolicyOperator.Core.Incidents;

/// <summary>The answer to the wish to have the cache back.</summary>
/// <param name="Digest">The revision that it returns with, in full; null where it does not.</param>
/// <param name="Closes">Names of the incidents that the return closes.</param>
public sealed record ReturnAnswer(Digest? Digest, string Message, EquatableList<string> Closes)
{
    public bool IsGranted => Digest is not null;
}

/// <summary>
/// Decides whether the cache may return: only with a proven revision that is another than those under suspicion.
/// </summary>
public static class ReturnGate
{
    /// <param name="asked">The digest that the person named; a <see cref="DigestPrefix"/> will do.</param>
    /// <param name="proven">The revision that is proven for the policy as it is now; null where there is none.</param>
    /// <param name="waiting">
    /// One that is proven and not in force, for it is not reviewed; null where there is none.
    /// </param>
    public static ReturnAnswer Decide(
        string asked, Digest? proven, IEnumerable<Incident> incidents, Digest? waiting = null)
    {
        var all = incidents.Where(i => i.IsOpen).ToArray();
        var open = all.Where(i => !i.IsOutage).ToArray();
        if (open.Length == 0)
        {
            return Refused(
                all.Length == 0
                    ? "no incident is open, so there is nothing to return from"
                    : "the cache pods do not answer; the cache returns by itself when they do");
        }

        var blocked = open.SelectMany(i => i.Revisions.Items).ToHashSet();
        if (blocked.Where(b => Names(asked, b)).ToArray() is [var suspect, ..])
        {
            return Refused(
                $"revision `{suspect.Abbreviated}` was in service when the cache leaked; change the policy until "
                    + "another revision is proven");
        }

        if (waiting is { } unreviewed && Names(asked, unreviewed))
        {
            return Refused(
                $"revision `{unreviewed.Abbreviated}` is proven and not reviewed; see condition Reviewed of the policy");
        }

        if (proven is not { } revision)
        {
            return Refused($"revision `{asked}` is not proven, and no other is; see condition Proven of the policy");
        }

        return Names(asked, revision)
            ? new ReturnAnswer(
                revision, $"return with revision `{revision.Abbreviated}` granted", open.Select(i => i.Name)
                    .Order(StringComparer.Ordinal)
                    .ToEquatableList())
            : Refused(
                blocked.Contains(revision)
                    ? $"`{asked}` is not the proven revision of this policy, and the one that is, "
                        + $"`{revision.Abbreviated}`, was in service when the cache leaked"
                    : $"`{asked}` is not the proven revision of this policy; that is `{revision}`");
    }

    private static bool Names(string asked, Digest revision) =>
        DigestPrefix.Read(asked.Trim())?.Names(revision) == true;

    private static ReturnAnswer Refused(string message) => new(null, message, []);
}
