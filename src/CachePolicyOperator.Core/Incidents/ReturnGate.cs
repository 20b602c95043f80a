namespace CachePolicyOperator.Core.Incidents;

/// <summary>The answer to the wish to have the cache back.</summary>
/// <param name="Digest">The revision that it returns with, in full; null where it does not.</param>
/// <param name="Closes">Names of the incidents that the return closes.</param>
public sealed record ReturnAnswer(string? Digest, string Message, EquatableList<string> Closes)
{
    public bool IsGranted => Digest is not null;
}

/// <summary>Decides whether the cache may return: only with a proven revision that is another than those under suspicion.</summary>
public static class ReturnGate
{
    /// <summary>A shorter prefix of a digest is too easily another's.</summary>
    public const int ShortestPrefix = 12;

    private const string Algorithm = "sha256:";

    /// <param name="asked">The digest that the person named; a prefix of at least <see cref="ShortestPrefix"/> digits will do.</param>
    /// <param name="proven">The revision that is proven for the policy as it is now; null where there is none.</param>
    public static ReturnAnswer Decide(string asked, string? proven, IEnumerable<Incident> incidents)
    {
        var open = incidents.Where(i => i.IsOpen).ToArray();
        if (open.Length == 0)
        {
            return Refused("no incident is open, so there is nothing to return from");
        }

        var blocked = open.SelectMany(i => i.Revisions.Items).ToHashSet(StringComparer.Ordinal);
        if (blocked.FirstOrDefault(b => Names(asked, b)) is { } suspect)
        {
            return Refused(
                $"revision `{Abbreviate(suspect)}` was in service when the cache leaked; change the policy until another revision is proven");
        }

        if (proven is null)
        {
            return Refused($"revision `{asked}` is not proven, and no other is; see condition Proven of the policy");
        }

        return Names(asked, proven)
            ? new ReturnAnswer(
                proven, $"return with revision `{Abbreviate(proven)}` granted", open.Select(i => i.Name).Order(StringComparer.Ordinal).ToEquatableList())
            : Refused(
                blocked.Contains(proven)
                    ? $"`{asked}` is not the proven revision of this policy, and the one that is, `{Abbreviate(proven)}`, was in service when the cache leaked"
                    : $"`{asked}` is not the proven revision of this policy; that is `{proven}`");
    }

    /// <summary>The digest as people read it: the first digits.</summary>
    public static string Abbreviate(string digest)
    {
        ArgumentNullException.ThrowIfNull(digest);
        var length = (digest.StartsWith(Algorithm, StringComparison.Ordinal) ? Algorithm.Length : 0) + ShortestPrefix;
        return digest.Length <= length ? digest : digest[..length];
    }

    private static bool Names(string asked, string digest)
    {
        var digits = asked.Trim();
        digits = digits.StartsWith(Algorithm, StringComparison.Ordinal) ? digits[Algorithm.Length..] : digits;
        return digits.Length >= ShortestPrefix && digest.StartsWith(Algorithm + digits, StringComparison.Ordinal);
    }

    private static ReturnAnswer Refused(string message) => new(null, message, []);
}
