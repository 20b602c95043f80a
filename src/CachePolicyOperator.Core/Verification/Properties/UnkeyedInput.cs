using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Verification.Exploration;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Properties;

/// <summary>
/// What the origin resolves, the URL and the host, is in the key of a fetch that may be stored (SP12).
/// </summary>
internal sealed class UnkeyedInput : IVclProperty
{
    public string Code => "key/unkeyed-input";

    public IEnumerable<Finding> Check(ExploredStates explored)
    {
        foreach (var store in explored.Stores)
        {
            if (!store.State.HasInKey(store.State.UrlSent()))
            {
                yield return new Finding(Code, Severity.Error, store.State, store.Return!.Span,
                    "the URL sent to the origin is not in the cache key",
                    "`hash_data(req.url);` in `vcl_hash`, and no edit of the URL after that");
            }

            var host = store.State.FieldSent(Input.Host);
            var mayBeThere = explored.Solver.WithPresence(store.State, host, true);
            if (mayBeThere is not null && !mayBeThere.HasInKey(host.Read()))
            {
                yield return new Finding(Code, Severity.Error, mayBeThere, store.Return!.Span,
                    "the host sent to the origin is not in the cache key",
                    "`hash_data(req.http.host);` in `vcl_hash`, and no edit of the host after that");
            }
        }
    }
}
