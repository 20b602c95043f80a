using System.Text;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Core.Verification.Policies;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Core.Verification.Proving;

/// <summary>
/// Tells the way of a request through a rendered VCL: a sentence for each reason to pass it that was asked on the way.
/// What is decided is the VCL's; the policy gives the names.
/// </summary>
/// <param name="conditions">The reason behind each condition of the VCL, by its line.</param>
internal sealed class PolicyStory(PolicySet policies, Request request, IReadOnlyDictionary<int, PassReason> conditions)
{
    private const string Preflight =
        "what a script of another site may ask is answered here, by `cors`, without cache and origin";

    private readonly Lazy<Rule[]> _matching = new(() => Matching(policies.Policy.Rules, request));

    private readonly Lazy<KeyRules> _rules = new(() => KeyRules.Of(policies.Policy.Rules));

    public PolicyDecision Tell(VclDecision told)
    {
        var status = WrittenIn(told, InternalHeaders.Why);
        var rule = RuleOf(WrittenIn(told, InternalHeaders.Rule));
        var isPreflight = WrittenIn(told, InternalHeaders.Rule) == InternalHeaders.PreflightRule;
        var words = new StoryWords(policies, request, rule);
        var sentences = told.Restarts > 0 ? [Passed(PassReason.Of(status))] : OfWay(told, status, rule);
        return new PolicyDecision(
            told.Action == "synth" && (isPreflight || rule?.Answer is not null) ? "answer" : told.Action,
            told.Restarts,
            status,
            rule?.Name,
            KeyText.Of(told.Key.Items).ToEquatableList(),
            sentences.Select(words.Fill).Concat(isPreflight ? [Preflight] : OfAnswer(rule)).Concat(OfLookup(told, rule))
                .Concat(OfOrigin(WrittenIn(told, InternalHeaders.Backend)))
                .Concat(told.Restarts > 0 ? [] : OfResponse(WrittenIn(told, InternalHeaders.Response)))
                    .Concat(OfDoubt(told)).ToEquatableList());
    }

    private IEnumerable<string> OfWay(VclDecision told, string? status, Rule? rule)
    {
        foreach (var reason in Asked(told).Distinct())
        {
            if (reason is null)
            {
                yield return rule is null ? "no rule matches" : "{rule} ({place}) is the first that matches";
            }
            else if (reason.Status == status)
            {
                yield return Passed(reason);
            }
            else if (reason.Otherwise is { } wentOn)
            {
                yield return wentOn;
            }
        }
    }

    // Null stands for the question which rule it is.
    private IEnumerable<PassReason?> Asked(VclDecision told)
    {
        foreach (var step in told.Way)
        {
            if (step.Text == RulesSection.Call)
            {
                yield return null;
            }
            else if (conditions.TryGetValue(step.Place.Line, out var reason))
            {
                yield return reason;
            }
        }
    }

    private static string Passed(PassReason? reason) => $"{reason?.Passed ?? "it is not looked up again"}: pass";

    private static IEnumerable<string> OfAnswer(Rule? rule) => rule?.Answer is { } answer
        ? [$"rule `{rule.Name}` answers by itself, without cache and origin: {answer.Status} {answer.Reason}"
            + (answer.Location is { } location
                ? $", to {location}{(answer.KeepsTarget ? " and the target as it came" : "")}" : "")]
        : [];

    private IEnumerable<string> OfResponse(string? number)
    {
        var edits = number is null ? policies.Policy.Response : ResponseSection.EditsOf(policies.Policy, number);
        string[] told =
        [
            .. edits.Set.Items.Select(field => $"`{field.Name}` is set"),
            .. edits.Unset.Items.Select(name => $"`{name}` is taken away"),
            .. edits.Browsers is { } browsers ? [Kept(browsers)] : Array.Empty<string>(),
            .. edits.Cors is { } cors ? [$"scripts of {Sites(cors)} may read it"] : Array.Empty<string>(),
        ];
        return told.Length == 0 ? [] : [$"of the response {string.Join(", ", told)}"];
    }

    private static string Kept(BrowserCaching browsers) =>
        browsers == BrowserCaching.NoStore ? "browsers keep nothing" : "browsers keep nothing without asking";

    private static string Sites(Cors cors) =>
        cors.IsForAnybody ? "every site" : string.Join(", ", cors.Origins.Items.Select(origin => $"`{origin}`"));

    private IEnumerable<string> OfLookup(VclDecision told, Rule? rule)
    {
        if (told.Action != "lookup")
        {
            yield break;
        }

        var (query, kept) = (QueryOf(request.Target), QueryOf(told.Forwarded.Items.FirstOrDefault() ?? ""));
        if (query.Length > 0 && !kept.Split('&').Order().SequenceEqual(query.Split('&').Order()))
        {
            yield return kept.Length == 0 && rule?.Caching?.Key.Query.Scope == QueryScope.Except
                ? "of the query what the rule leaves out is removed, and the rest is sorted"
                : kept.Length == 0 ? "the query is removed: no parameter is in the key"
                : $"of the query only `{kept}` is in the key; the rest is removed";
        }

        if (rule?.Caching is { Fragments: true })
        {
            yield return "each `<esi:include>` in it is a request of its own, with what this client sent; " +
                "nobody keeps what comes of it";
        }

        var removed = string.Join(", ", told.Removed.Items.Select(name => $"`{name}`"));
        yield return "it is looked up; on a miss the origin sees nothing that is not in the key"
            + (removed.Length == 0 ? "" : $": without {removed}");
        if (!told.MayBeStored)
        {
            yield return "no answer to it is stored";
        }
    }

    private IEnumerable<string> OfOrigin(string? name) =>
        policies.Policy.Origins.Items.Where(o => o.Name == name).Select(o =>
            $"the origin that is asked is `{o.Name}`" + (o.Host is { } host ? $", for the host `{host}`" : "")
            + (o.Rewrite is { } rewrite ? $", for `{rewrite.With}` instead of `{rewrite.Prefix}`" : "")
            + (o.Origin.Standby is { } standby ? $"; while it is not well, `{standby}` stands in" : ""));

    private static IEnumerable<string> OfDoubt(VclDecision told) =>
        told.Doubt is { } doubt ? [$"not all of it could be followed exactly: {doubt}"] : [];

    // The VCL tells the number of all rules that are one to a request; the first of them that matches gave them their
    // say.
    private Rule? RuleOf(string? number)
    {
        if (number is null)
        {
            return null;
        }

        Rule[] members = [.. _rules.Value.Groups.Items.Where(g => _rules.Value.NumberOf(g) == number)
            .SelectMany(g => g.Rules.Items)];
        return _matching.Value.FirstOrDefault(members.Contains) ?? (members is [var only] ? only : null);
    }

    private static Rule[] Matching(EquatableList<Rule> rules, Request request)
    {
        var index = new RuleIndex(rules, Budget.ForProof());
        var path = Encoding.Latin1.GetBytes(request.Target.Split('?', 2)[0]);
        var tags = new LazyDfa(index.Paths, index.Paths.Classes(), Budget.ForProof()).Run(path);
        return [.. index.Deciding(tags, RequestConditions.None).Select(decided => rules[decided.Rule])
            .Where(rule => RequestMatch.Meets(request, rule.Match.Request))];
    }

    private static string QueryOf(string target) => target.Contains('?') ? target.Split('?', 2)[1] : "";

    private static string? WrittenIn(VclDecision told, string field) =>
        told.Written.Items.FirstOrDefault(f => f.Name.Equals(field, StringComparison.OrdinalIgnoreCase))?.Value;
}
