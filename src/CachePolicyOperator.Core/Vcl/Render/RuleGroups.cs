using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// Brings rules that do the same together, where that cannot change which rule is the first to match.
/// </summary>
internal static class RuleGroups
{
    public static EquatableList<RuleGroup> Of(IEnumerable<Rule> rules)
    {
        var groups = new List<Gathering>();
        foreach (var rule in rules)
        {
            var does = Action.Of(rule);
            var region = RouteRegion.Of(rule.Match);
            var group = FindEarlier(groups, does, region);
            if (group is null)
            {
                groups.Add(group = new Gathering(does));
            }

            group.Rules.Add(rule);
            group.Regions.Add(region);
        }

        return groups.Select((g, i) => g.ToGroup(i + 1)).ToEquatableList();
    }

    // A rule may move up to an earlier group only past groups that it cannot meet.
    private static Gathering? FindEarlier(List<Gathering> groups, Action does, RouteRegion region)
    {
        for (var i = groups.Count - 1; i >= 0; i--)
        {
            if (groups[i].Does == does)
            {
                return groups[i];
            }

            if (groups[i].Regions.Meets(region))
            {
                return null;
            }
        }

        return null;
    }

    private sealed class Gathering(Action does)
    {
        public Action Does => does;

        public List<Rule> Rules { get; } = [];

        public RegionSet Regions { get; } = new();

        public RuleGroup ToGroup(int number) => new(
            does.Caching is null ? InternalHeaders.PassRule : number.ToString(),
            does.Caching,
            does.ChecksType,
            Rules.ToEquatableList());
    }

    /// <summary>What a rule does, with everything that comes to a pass made equal.</summary>
    private sealed record Action(Caching? Caching, bool ChecksType)
    {
        // INVARIANT: a field that says who asks is never in the key; a rule that wants it there passes.
        private static readonly HashSet<string> WhoAsks =
            new(RequestFields.Credentials, StringComparer.OrdinalIgnoreCase);

        public static Action Of(Rule rule) =>
            rule.Caching is { } caching && caching.Ttl != Duration.Zero && caching.MaxTtl != Duration.Zero
                && !caching.Key.Headers.Items.Any(WhoAsks.Contains)
                ? new(caching, rule.Match.Extensions.Count > 0)
                : new(null, ChecksType: false);
    }
}
