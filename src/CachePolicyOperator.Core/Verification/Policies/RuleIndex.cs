using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Verification.Policies;

/// <summary>
/// All rules as one automaton over paths; the tags of a path tell which rule is the first to match it.
/// </summary>
/// <remarks>
/// Rule <c>i</c> is tagged <c>2i</c> where its pattern may match and <c>2i + 1</c> where it surely does; extension
/// <c>e</c> is tagged after all rules.
/// </remarks>
internal sealed class RuleIndex
{
    private readonly EquatableList<Rule> _rules;
    private readonly Dictionary<string, int> _extensionTags = [];

    public RuleIndex(EquatableList<Rule> rules, Budget budget, RegexCache? regexes = null)
    {
        _rules = rules;
        var trie = new RouteTrie(budget, regexes);
        for (var i = 0; i < rules.Count; i++)
        {
            var match = rules[i].Match;
            if (match.Pattern is null)
            {
                trie.AddEverything(2 * i, (2 * i) + 1);
            }
            else
            {
                trie.Add(match.Pattern, 2 * i, (2 * i) + 1);
            }

            foreach (var extension in match.Extensions)
            {
                if (_extensionTags.TryAdd(extension, (2 * rules.Count) + _extensionTags.Count))
                {
                    trie.AddExtension(extension, _extensionTags[extension]);
                }
            }
        }

        Paths = trie.Build();
    }

    /// <summary>The automaton.</summary>
    public Nfa Paths { get; }

    /// <summary>
    /// The rules that may decide a path of these tags, in order, each with whether one surely decides it for some
    /// request. Nothing follows a rule that surely matches every such request.
    /// </summary>
    /// <param name="of">Only requests that meet these; null: all that may be looked up.</param>
    public IEnumerable<(int Rule, bool Surely)> Deciding(int[] tags, RequestConditions? of = null)
    {
        var isExact = true;
        for (var i = 0; i < tags.Length && tags[i] < 2 * _rules.Count; i++)
        {
            var rule = _rules[tags[i] / 2];
            if (tags[i] % 2 != 0 || !HasExtension(rule, tags))
            {
                continue;
            }

            var surely = Array.BinarySearch(tags, tags[i] + 1) >= 0;
            isExact &= surely;
            yield return (tags[i] / 2, isExact);
            if (surely && (of ?? RequestConditions.OfLookups).Imply(rule.Match.Request))
            {
                yield break;
            }
        }
    }

    private bool HasExtension(Rule rule, int[] tags) =>
        rule.Match.Extensions.Count == 0
        || rule.Match.Extensions.Items.Any(e => Array.BinarySearch(tags, _extensionTags[e]) >= 0);
}
