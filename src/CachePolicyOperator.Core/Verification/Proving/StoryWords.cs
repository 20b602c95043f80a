using System.Text;
using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Core.Verification.Policies;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Core.Verification.Proving;

/// <summary>
/// What the request and the policy say, in place of the words in braces of a <see cref="PassReason"/>.
/// </summary>
internal sealed class StoryWords(PolicySet policies, Request request, Rule? rule)
{
    /// <summary>The sentence with every word in braces replaced.</summary>
    public string Fill(string sentence)
    {
        var filled = new StringBuilder();
        var rest = sentence;
        while (rest.Split(['{', '}'], 3) is [var before, var word, var after])
        {
            filled.Append(before).Append(ValueOf(word));
            rest = after;
        }

        return filled.Append(rest).ToString();
    }

    private string ValueOf(string word) => word switch
    {
        "host" => request.FirstLineOf("Host") ?? "",
        "hosts" => string.Join(", ", policies.Policy.Hosts.Items.Select(h => $"`{h}`")),
        "method" => request.Method,
        "personal" => PersonalRoute(),
        "carrier" => Carrier(),
        "parameter" => Parameter(),
        "brought" => "what its `bypass` names",
        "rule" => rule is null ? "a rule" : $"rule `{rule.Name}`",
        "place" => rule?.Path ?? "",
        "lifetime" => rule?.Caching is { } caching ? Lifetime(caching) : "it",
        _ => throw new System.Diagnostics.UnreachableException($"no reason has a word `{word}`"),
    };

    private string PersonalRoute() =>
        PersonalLanguage.Of(policies).Find(Encoding.Latin1.GetBytes(request.Target)) is { } place
            ? DeclaredRoute.AllOf(policies)[place].ToString()
            : "a personal route";

    private string Carrier()
    {
        var identity = policies.Identity;
        if (RequestFields.Authorizations.Concat(identity.Headers.Items)
            .FirstOrDefault(IsGiven) is { } header)
        {
            return $"`{header}`";
        }

        if (Parameters().FirstOrDefault(p =>
            identity.QueryParameters.Items.Contains(p.Split('[')[0],
                StringComparer.OrdinalIgnoreCase)) is { } parameter)
        {
            return $"query parameter `{parameter}`";
        }

        return IsGiven(RequestFields.Cookie)
            ? identity.Cookies.Count == 0 ? "a cookie, none being declared," : "an identity cookie"
            : "something in it";
    }

    private bool IsGiven(string header) =>
        FieldNames.Spellings(header).Any(spelling => request.FirstLineOf(spelling) is not null);

    private string Parameter()
    {
        string[] names = [.. Parameters()];
        if (names.FirstOrDefault(n => n.Contains('%')) is { } encoded)
        {
            return $"query parameter `{encoded}` has an encoded name, which may be another's";
        }

        var kept = rule?.Caching?.Key.Query.Names.Items ?? [];
        return names.Where(kept.Contains).GroupBy(n => n).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? $"query parameter `{twice.Key}` comes twice"
            : "a parameter of the query may be read in two ways";
    }

    private IEnumerable<string> Parameters() => request.Target.Split('?', 2) is [_, var query]
        ? query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=', 2)[0])
        : [];

    private static string Lifetime(Caching caching) => caching.Ttl is { } ttl
        ? $"for {ttl}" + Stale(caching)
        : $"for as long as the origin says, {(caching.MinTtl is { } least ? $"at least {least}, " : "")}at most "
            + $"{LifetimeSection.MaxTtl(caching)}"
            + (caching.DefaultTtl is { } silent ? $", and for {silent} where it says nothing" : "") + Stale(caching);

    private static string Stale(Caching caching) =>
        (caching.Grace is { } grace && grace > Duration.Zero ? $", stale for {grace} more" : "")
        + (caching.SickGrace is { } sick ? $", stale for {sick} more while the origin is not well" : "");
}
