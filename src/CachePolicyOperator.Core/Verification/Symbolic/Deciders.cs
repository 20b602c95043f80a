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
    /// Each store with the input that decided, or null where something else did; first those that need the input to be there.
    /// </summary>
    public static IReadOnlyList<(Outcome Store, string? Input)> Of(Exploration exploration) =>
        [.. Pairs(exploration).OrderBy(p => IsThere(p.Store.State, p.Input) ? 0 : 1)];

    private static bool IsThere(PathState state, string? input) =>
        input is not null && state.Known.TryGetValue(input, out var facts) && !facts.MayBeAbsent;

    private static IEnumerable<(Outcome Store, string? Input)> Pairs(Exploration exploration)
    {
        var (sent, space) = (exploration.Sent, exploration.Space);
        var varying = Sent.FieldsVarying(sent);
        for (var i = 0; i < sent.Count; i++)
        {
            for (var j = i + 1; j < sent.Count; j++)
            {
                if (SendsOther(sent[i], sent[j], varying, space) && !sent[i].HasOtherKeyThan(sent[j], space))
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
    private static IEnumerable<(Outcome Store, string? Input)> Between(
        Exploration exploration, PathState one, PathState other, IReadOnlyList<string> varying) =>
        from store in exploration.Stores.Where(s => Sent.IsTheSame(s.State, one, varying)).Take(1)
        from input in Differing(one, other, exploration.Space)
        let path = Removed(one, other, varying, exploration.Space).Aggregate(
            one, (state, field) => exploration.Space.WithPresence(state, field, true) ?? state)
        select (store with { State = path.Widen(other.Widened) }, input);

    private static bool SendsOther(PathState one, PathState other, IReadOnlyList<string> varying, InputSpace space) =>
        Decided(one, one.UrlSent(), other, other.UrlSent()) || Decided(one, one.MethodSent(), other, other.MethodSent())
        || one.BackendSent() != other.BackendSent()
        || varying.Any(f => !Harmless.Contains(f) && Decided(one, one.FieldSent(f), other, other.FieldSent(f)))
        || Removed(one, other, varying, space).Any();

    private static bool Decided(PathState one, Field sent, PathState other, Field otherwise) =>
        sent != otherwise && (sent is WrittenField || otherwise is WrittenField)
        && Decided(one, InputSpace.TextOf(sent), other, InputSpace.TextOf(otherwise));

    // Sent as they came on one way, removed on the other. What the key does not have is judged as the field that it is.
    private static IEnumerable<InputField> Removed(PathState one, PathState other, IReadOnlyList<string> varying, InputSpace space) =>
        from name in varying
        where !Harmless.Contains(name)
        from way in new (Field Sent, PathState Remover)[] { (one.FieldSent(name), other), (other.FieldSent(name), one) }
        where way.Remover.FieldSent(name) is AbsentField
        let input = way.Sent as InputField
        where input is not null && one.HasInKey(new InputText(input.Input)) && other.HasInKey(new InputText(input.Input))
            && space.Of(way.Remover, input.Input).MayBePresent
        select input;

    // What stands at the same place of both keys is the same whenever the keys are.
    private static bool Decided(PathState one, Text sent, PathState other, Text otherwise) =>
        sent != otherwise && !one.Key.Zip(other.Key).Contains((sent, otherwise));

    private static string?[] Differing(PathState one, PathState other, InputSpace space)
    {
        string?[] inputs =
        [
            .. one.Known.Keys.Union(other.Known.Keys)
                .Where(i => !space.Of(one, i).Equals(space.Of(other, i)))
                .Union(one.DependsOn).Union(other.DependsOn)
                .Where(i => i != "req.http.host" && (!one.HasInKey(new InputText(i)) || !other.HasInKey(new InputText(i)))),
        ];
        return inputs.Length == 0 ? [null] : inputs;
    }
}
