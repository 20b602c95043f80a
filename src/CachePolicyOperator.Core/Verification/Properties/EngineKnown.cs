using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Verification.Exploration;
using CachePolicyOperator.Core.Verification.Program;

namespace CachePolicyOperator.Core.Verification.Properties;

/// <summary>
/// The proof is of one family of versions (SP19): before 7.0 a pattern that meets PCRE2's limits does not match,
/// instead of failing the request, and no version after 9.0 has been tried (docs/engines.md).
/// </summary>
internal sealed class EngineKnown : IVclProperty
{
    private static readonly EngineVersion First = new(7, 0);

    public const string Name = "engine/version";

    public string Code => Name;

    /// <summary>Whether the model has been held against that version; of an older one it says by itself.</summary>
    public static bool HasBeenTried(EngineVersion engine) => engine <= EngineVersion.Newest;

    /// <exception cref="UnsupportedVclException">The engine is older than the model.</exception>
    public IEnumerable<Finding> Check(ExploredStates explored)
    {
        var engine = explored.Question.Engine;
        if ((engine >= First && HasBeenTried(engine)) || explored.Lookups is not [var lookup, ..])
        {
            yield break;
        }

        if (engine < First)
        {
            throw new UnsupportedVclException(lookup.Trace[^1],
                $"Varnish {engine} takes a pattern that meets its limits for one that does not match");
        }

        yield return new Finding(Code, explored.Question.WarningUnlessStrict(), lookup, lookup.Trace[^1],
            $"the proof takes {engine.Name} for {EngineVersion.Newest.Name}, which it was tried against",
            "try the witnesses and the canary on the version that runs");
    }
}
