using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Verification.Exploration;
using CachePolicyOperator.Core.Verification.Program;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Properties;

/// <summary>
/// On a fetch that may be stored, every identity carrier is gone before the origin sees it, or is in the key: as a field, in a
/// field that the VCL wrote, in the URL, and in what the VCL decides by it (SP5, SP12).
/// </summary>
internal sealed class IdentityUnkeyed : IVclProperty
{
    public string Code => "identity/unkeyed";

    public IEnumerable<Finding> Check(ExploredStates exploration)
    {
        var carriers = Carriers.Of(exploration);
        foreach (var store in exploration.Stores)
        {
            foreach (var field in carriers.Fields.Union(store.State.FieldsWritten()))
            {
                if (carriers.LeakIn(store.State, field) is var (path, carrier))
                {
                    // What a way makes of a cookie's value shows only beside another value.
                    yield return Find(path, store, carrier, field) with { IsOfTwo = carriers.IsEcho(store.State, field) };
                }
            }

            if (carriers.CarrierOfBackend(store.State) is { } chooser)
            {
                yield return new Finding(Code, Severity.Error, store.State, store.Return!.Span,
                    $"`{Carriers.Label(chooser)}` decides which backend is asked, the key does not have it, and the answer is stored",
                    "choose the backend of what is looked up by the URL or the host");
            }

            foreach (var (variable, text) in store.State.Treatment())
            {
                if (carriers.CarrierOf(text) is { } named && !store.State.HasInKey(text))
                {
                    yield return new Finding(Code, Severity.Error, carriers.Carrying(store.State, text), store.Return!.Span,
                        $"{(variable == TrackedVariables.AnswersJar ? "what vmod cookie holds" : $"`{variable}`")} is made of `{Carriers.Label(named)}`, decides about the answer, and the answer is stored",
                        "keep identities out of it on what is not passed");
                }
            }

            var url = store.State.UrlSent();
            if (carriers.CarrierOf(url) is { } inUrl && !store.State.HasInKey(url))
            {
                yield return new Finding(Code, Severity.Error, store.State, store.Return!.Span,
                    $"the URL sent to the origin carries `{Carriers.Label(inUrl)}`, the key does not, and the answer is stored",
                    "hash the URL that is sent");
            }
        }

        foreach (var (store, decider) in exploration.Decisions)
        {
            if (decider is not null && carriers.CarrierOf(decider) is { } carrier)
            {
                yield return new Finding(Code, Severity.Error, store.State, store.Return!.Span,
                    $"what the origin sees depends on `{Carriers.Label(carrier)}`, the key does not, and the answer is stored",
                    "pass such requests, or put what was decided into the key")
                {
                    IsOfTwo = true,
                };
            }
        }

        foreach (var (store, part) in Keyed.Collisions(exploration.Stores, exploration.Solver))
        {
            if (carriers.CarrierOf(part) is { } carrier)
            {
                yield return new Finding(Code, Severity.Error, carriers.Carrying(store.State, part), store.Return!.Span,
                    $"the part of the key that holds `{Carriers.Label(carrier)}` may be something else that a client says on another way",
                    "put a constant of its own before each part that is not always there: `hash_data(\"user\");`")
                {
                    IsOfTwo = true,
                };
            }
        }
    }

    private Finding Find(SymbolicState path, Completion store, string carrier, string field)
    {
        var name = InputNames.HeaderOf(Sent.Prefix + field);
        return new Finding(
            Code, Severity.Error, path, store.Return!.Span,
            $"the origin sees `{Carriers.Label(carrier)}`{(field == carrier ? string.Empty : $" in `{name}`")}, the key does not have it, and the answer is stored",
            $"`unset bereq.http.{name};` before the fetch, pass such requests, or put the value into the key");
    }
}
