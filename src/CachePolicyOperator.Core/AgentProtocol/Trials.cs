namespace CachePolicyOperator.Core.AgentProtocol;

/// <summary>
/// Has an agent try the revision that serves: pairs of requests by two identities that nobody has, to varnishd beside
/// it, with <c>GET</c> and nothing else. The same order given twice goes on; another begins anew.
/// </summary>
/// <param name="Id">Names the trial; another attempt has another.</param>
/// <param name="Revision">What is tried. While something else serves, or the pod passes everything, no pair is
/// sent.</param>
/// <param name="Hosts">Values of <c>Host</c>.</param>
/// <param name="Targets">Request targets, asked for in turn.</param>
/// <param name="Pairs">How many pairs must show nothing; 0: none is sent.</param>
/// <param name="PairsPerSecond">How many are sent in a second at most.</param>
public sealed record TrialOrder(
    string Id,
    Digest Revision,
    EquatableList<string> Hosts,
    EquatableList<string> Targets,
    int Pairs,
    int PairsPerSecond);

/// <summary>How far a trial is. A new start of the agent knows none.</summary>
/// <param name="ServedSeconds">How long the revision has served since the order came.</param>
/// <param name="Sent">Pairs sent: the sum of the three that follow, and those under way.</param>
/// <param name="Clear">Pairs that were answered, and neither got what belongs to the other, nor from the cache what is
/// personal.</param>
/// <param name="Leaked">Pairs that did.</param>
/// <param name="Inconclusive">Pairs that say nothing: no answer in time, or an error of the origin.</param>
/// <param name="Note">The first leak; where there is none, why the last pair said nothing. Null where all did.</param>
public sealed record TrialProgress(
    string Id, Digest Revision, double ServedSeconds, int Sent, int Clear, int Leaked, int Inconclusive, string? Note)
{
    /// <summary>
    /// So many pairs are sent for one that is wanted, at most: where two of three say nothing, more will not help.
    /// </summary>
    public const int MostOfOne = 3;
}
