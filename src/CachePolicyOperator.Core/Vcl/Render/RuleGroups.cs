using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// Brings rules that do the same together, where that cannot change which rule is the first to match.
/// </summary>
internal static class RuleGroups
{
    // INVARIANT: a field that says who asks is never in the key; a rule that wants it there passes.
    private static readonly HashSet<string> WhoAsks = new(RequestFields.Credentials, StringComparer.OrdinalIgnoreCase);

    /// <summary>The groups by what their rules say of a request.</summary>
    public static EquatableList<RuleGroup<KeyParts>> ByKey(IEnumerable<Rule> rules) =>
        Of(rules, KeyParts.Of, rule => new Marks(rule.Response, rule.Origin, rule.WellGrace, rule.Upgrades));

    /// <summary>
    /// The groups by what their rules say of an answer. Of what was sent to the origin it is not asked again what the
    /// request brought and did not send on: who met such a rule that does not cache was passed.
    /// </summary>
    public static EquatableList<RuleGroup<Storing>> ByStoring(IEnumerable<Rule> rules) =>
        Of(rules.Where(rule => !Passes(rule) || !rule.Match.Request.AskWhatIsBrought).Select(AsSent), Storing.Of,
            _ => null);

    /// <summary>The groups by the origin that is asked, and whether it is handed connections.</summary>
    public static EquatableList<RuleGroup<KeyParts>> ByOrigin(IEnumerable<Rule> rules) => Of(
        rules.Select(rule => rule with { Caching = null, Answer = null }), KeyParts.Of,
        rule => new Marks(null, rule.Origin, null, rule.Upgrades));

    private static EquatableList<RuleGroup<T>> Of<T>(
        IEnumerable<Rule> rules, Func<Rule, Caching, T> does, Func<Rule, Marks?> marks)
        where T : class
    {
        var groups = new List<Gathering<T>>();
        foreach (var rule in rules)
        {
            var action = new Action<T>(Passes(rule) ? null : does(rule, rule.Caching!), rule.Answer, marks(rule));
            var region = RouteRegion.Of(rule.Match);
            var group = FindEarlier(groups, action, region);
            if (group is null)
            {
                groups.Add(group = new Gathering<T>(action));
            }

            group.Rules.Add(rule);
            group.Regions.Add(region);
        }

        return groups.Select(g => new RuleGroup<T>(g.Action.Does, g.Rules.ToEquatableList())).ToEquatableList();
    }

    // Every fetch whose answer may be stored is a GET.
    private static Rule AsSent(Rule rule) =>
        rule.Match.Request.Methods.Count == 0 && rule.Answer is null ? rule : rule with
        {
            Match = rule.Match with { Request = rule.Match.Request with { Methods = [] } },
            Answer = null,
        };

    // Everything that comes to a pass is equal.
    private static bool Passes(Rule rule) =>
        rule.Answer is not null || rule.Caching is not { } caching || caching.Ttl == Duration.Zero
            || caching.MaxTtl == Duration.Zero
        || caching.Key.Headers.Items.Any(WhoAsks.Contains)
        || caching.Key.Choices.Items.Any(c => c.Of != ChoiceOf.Cookie && WhoAsks.Contains(c.Name));

    // A rule may move up to an earlier group only past groups that it cannot meet.
    private static Gathering<T>? FindEarlier<T>(List<Gathering<T>> groups, Action<T> action, RouteRegion region)
        where T : class
    {
        for (var i = groups.Count - 1; i >= 0; i--)
        {
            if (groups[i].Action == action)
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

    private sealed record Action<T>(T? Does, Answer? Answer, Marks? Marks)
        where T : class;

    private sealed record Marks(ResponseEdits? Response, string? Origin, Duration? WellGrace, bool Upgrades);

    private sealed class Gathering<T>(Action<T> action)
        where T : class
    {
        public Action<T> Action => action;

        public List<Rule> Rules { get; } = [];

        public RegionSet Regions { get; } = new();
    }
}
