namespace CachePolicyOperator.Core.Verification.Symbolic;

/// <summary>
/// Inputs that decide what the origin sees although the key does not tell: two ways to a store that may have one key, and send
/// different things.
/// </summary>
internal static class Deciders
{
    // Varnish sets these itself, or they say nothing to an origin.
    private static readonly HashSet<string> Harmless = new(StringComparer.Ordinal) { "accept-encoding", "x-forwarded-for", "via", "x-varnish" };

    /// <summary>
    /// Each store with the field that decided, or null where something else did; first those that need the field to be there.
    /// </summary>
    public static IReadOnlyList<(Outcome Store, string? Field)> Of(Exploration exploration) =>
        [.. Pairs(exploration).OrderBy(p => IsThere(p.Store.State, p.Field) ? 0 : 1)];

    private static bool IsThere(PathState state, string? field) =>
        state.Known.Any(k => !k.Value.MayBeAbsent && field is not null && Carriers.NameOf(k.Key) == field);

    private static IEnumerable<(Outcome Store, string? Field)> Pairs(Exploration exploration)
    {
        var (sent, space) = (exploration.Sent, exploration.Space);
        var varying = Sent.FieldsVarying(sent);
        for (var i = 0; i < sent.Count; i++)
        {
            for (var j = i + 1; j < sent.Count; j++)
            {
                if (SendsOther(sent[i], sent[j], varying) && !sent[i].HasOtherKeyThan(sent[j], space))
                {
                    foreach (var found in Between(exploration, sent[i], sent[j], varying).Concat(Between(exploration, sent[j], sent[i], varying)))
                    {
                        yield return found;
                    }
                }
            }
        }
    }

    // What the one sends is stored, and may be what the other gets.
    private static IEnumerable<(Outcome Store, string? Field)> Between(
        Exploration exploration, PathState one, PathState other, IReadOnlyList<string> varying) =>
        from store in exploration.Stores.Where(s => Sent.IsTheSame(s.State, one, varying)).Take(1)
        from field in Differing(one, other, exploration.Space)
        select (store with { State = one.Widen(other.Widened) }, field);

    private static bool SendsOther(PathState one, PathState other, IReadOnlyList<string> varying) =>
        Decided(one, one.UrlSent(), other, other.UrlSent()) || Decided(one, one.MethodSent(), other, other.MethodSent())
        || one.BackendSent() != other.BackendSent()
        || varying.Any(f => !Harmless.Contains(f) && Decided(one, one.FieldSent(f), other, other.FieldSent(f)));

    // What is removed on one way and sent as it came on the other is judged as the field that it is.
    private static bool Decided(PathState one, Field sent, PathState other, Field otherwise) =>
        sent != otherwise && (sent is WrittenField || otherwise is WrittenField)
        && Decided(one, InputSpace.TextOf(sent), other, InputSpace.TextOf(otherwise));

    // What stands at the same place of both keys is the same whenever the keys are.
    private static bool Decided(PathState one, Text sent, PathState other, Text otherwise) =>
        sent != otherwise && !one.Key.Zip(other.Key).Contains((sent, otherwise));

    private static IEnumerable<string?> Differing(PathState one, PathState other, InputSpace space)
    {
        var inputs = one.Known.Keys.Union(other.Known.Keys)
            .Where(i => i != "req.http.host" && !space.Of(one, i).Equals(space.Of(other, i)))
            .Where(i => !one.HasInKey(new InputText(i)) || !other.HasInKey(new InputText(i)))
            .ToArray();
        return inputs.Length == 0 ? [null] : inputs.Select(Carriers.NameOf).Distinct();
    }
}
