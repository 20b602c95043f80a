using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Verification.Exploration;
using CachePolicyOperator.Core.Verification.Flows;
using CachePolicyOperator.Core.Verification.Program;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Properties;

/// <summary>
/// On a fetch that may be stored, every identity carrier is gone before the origin sees it, or is in the key: as a
/// field, in a field that the VCL wrote, in the URL, and in what the VCL decides by it (SP5, SP12).
/// </summary>
internal sealed class IdentityUnkeyed : IVclProperty
{
    public string Code => "identity/unkeyed";

    public IEnumerable<Finding> Check(ExploredStates explored)
    {
        var identity = IdentityTaint.Of(explored);
        foreach (var store in explored.Stores)
        {
            foreach (var field in identity.Fields.Union(store.State.FieldsWritten()))
            {
                if (identity.LeakIn(store.State, field) is var (path, carrier))
                {
                    // What a way makes of a cookie's value shows only beside another value.
                    yield return Find(path, store, carrier,
                        field) with
                    { IsOfTwo = identity.IsEcho(store.State, field) };
                }
            }

            if (identity.CarrierOfBackend(store.State) is { } chooser)
            {
                yield return new Finding(Code, Severity.Error, store.State, store.Return!.Span,
                    $"`{IdentityTaint.Label(chooser)}` decides which backend is asked, the key does not have it, and " +
                        "the answer is stored",
                    "choose the backend of what is looked up by the URL or the host");
            }

            foreach (var (variable, text) in store.State.Treatment())
            {
                if (identity.CarrierOf(text) is { } named && !store.State.HasInKey(text))
                {
                    yield return new Finding(Code, Severity.Error, identity.Carrying(store.State, text),
                        store.Return!.Span,
                        $"{(variable == TrackedVariables.AnswersJar ? "what vmod cookie holds" : $"`{variable}`")} " +
                            $"is made of `{IdentityTaint.Label(named)}`, decides about the answer, and the answer is " +
                                "stored",
                        "keep identities out of it on what is not passed");
                }
            }

            var url = store.State.UrlSent();
            if (identity.CarrierOf(url) is { } inUrl && !store.State.HasInKey(url))
            {
                yield return new Finding(Code, Severity.Error, store.State, store.Return!.Span,
                    $"the URL sent to the origin carries `{IdentityTaint.Label(inUrl)}`, the key does not, and the " +
                        "answer is stored",
                    "hash the URL that is sent");
            }
        }

        foreach (var (store, decider) in ImplicitFlows.Of(explored))
        {
            if (decider is not null && identity.CarrierOf(decider) is { } carrier)
            {
                yield return new Finding(Code, Severity.Error, store.State, store.Return!.Span,
                    $"what the origin sees depends on `{IdentityTaint.Label(carrier)}`, the key does not, and the " +
                        "answer is stored",
                    "pass such requests, or put what was decided into the key")
                {
                    IsOfTwo = true,
                };
            }
        }

        foreach (var (store, part) in CacheKeys.Collisions(explored.Stores, explored.Solver,
            (one, other) => AreSentAlike(identity, one, other, explored.Solver)))
        {
            if (identity.CarrierOf(part) is { } carrier)
            {
                yield return new Finding(Code, Severity.Error, identity.Carrying(store.State, part), store.Return!.Span,
                    $"the part of the key that holds `{IdentityTaint.Label(carrier)}` may be something else that a " +
                        "client says on another way",
                    "put a constant of its own before each part that is not always there: `hash_data(\"user\");`")
                {
                    IsOfTwo = true,
                };
            }
        }
    }

    // Whatever is sent that tells of who asks stands in both keys, at one place.
    private static bool AreSentAlike(IdentityTaint identity, SymbolicState one, SymbolicState other, Solver solver)
    {
        return new[] { one, other }.All(path => identity.CarrierOfBackend(path) is null
                && path.Treatment().All(t => identity.CarrierOf(t.Value) is null))
            && AreAlike(one.UrlSent(), other.UrlSent())
            && identity.Fields.Union(one.FieldsWritten()).Union(other.FieldsWritten())
                .All(field => (SentIn(one, field), SentIn(other, field)) switch
                {
                    (AbsentField, AbsentField) => true,
                    (AbsentField, var sent) => identity.CarrierOf(sent.Read()) is null,
                    (var sent, AbsentField) => identity.CarrierOf(sent.Read()) is null,
                    (WrittenField sent, WrittenField otherwise) => AreAlike(sent.Value, otherwise.Value),
                    var (sent, otherwise) => identity.CarrierOf(sent.Read()) is null
                        && identity.CarrierOf(otherwise.Read()) is null,
                });

        bool AreAlike(Text sent, Text otherwise) =>
            (identity.CarrierOf(sent) is null && identity.CarrierOf(otherwise) is null)
            || CacheKeys.AreTold(one, sent, other, otherwise, solver);

        Field SentIn(SymbolicState path, Input field) =>
            path.FieldSent(field) is InputField input && !solver.Of(path, input.Input).MayBePresent
                ? Field.Absent : path.FieldSent(field);
    }

    private Finding Find(SymbolicState path, Completion store, Input carrier, Input field)
    {
        var name = field.FieldTitle;
        return new Finding(
            Code, Severity.Error, path, store.Return!.Span,
            $"the origin sees `{IdentityTaint.Label(carrier)}`{(field == carrier ? string.Empty : $" in `{name}`")}, " +
                "the key does not have it, and the answer is stored",
            $"`unset bereq.http.{name};` before the fetch, pass such requests, or put the value into the key");
    }
}
