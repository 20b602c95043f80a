using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Routes.Regex;

namespace CachePolicyOperator.Core.Verification.Symbolic;

/// <summary>On a fetch that may be stored, every identity carrier is gone before the origin sees it, or is in the key.</summary>
internal sealed class IdentityUnkeyed : IVclProperty
{
    public string Code => "identity/unkeyed";

    public IEnumerable<Finding> Check(Exploration exploration)
    {
        var carriers = exploration.Question.Identity.Headers.Items
            .Select(h => $"req.http.{h}")
            .Union(["req.http.cookie", "req.http.authorization", "req.http.proxy-authorization"])
            .ToArray();
        foreach (var store in exploration.Stores)
        {
            var written = store.State.Fields.Keys.Where(f => f.StartsWith("bereq.http.", StringComparison.Ordinal) || f.StartsWith("req.http.", StringComparison.Ordinal))
                .Select(f => f.StartsWith("bereq", StringComparison.Ordinal) ? f : "be" + f);
            foreach (var field in carriers.Select(c => "be" + c).Union(written))
            {
                if (Leak(exploration, store.State, field, carriers) is var (path, carrier))
                {
                    yield return new Finding(Code, Severity.Error, path, store.Return!.Span,
                        $"the origin sees `{WitnessMaker.NameOf(carrier)}`{In(field, carrier)}, the key does not have it, and the answer is stored",
                        $"`unset {field};` before the fetch, pass such requests, or put the value into the key");
                }
            }

            var url = store.State.TextOf("bereq.url");
            if (CarrierOf(url, carriers) is { } inUrl && !IsKeyed(store.State, url))
            {
                yield return new Finding(Code, Severity.Error, store.State, store.Return!.Span,
                    $"the URL sent to the origin carries `{WitnessMaker.NameOf(inUrl)}`, the key does not, and the answer is stored",
                    "hash the URL that is sent");
            }
        }
    }

    private static (PathState Path, string Carrier)? Leak(Exploration exploration, PathState state, string field, string[] carriers)
    {
        switch (state.FieldOf(field))
        {
            case InputField input when carriers.Contains(InputSpace.FieldOf(input.Input)):
                var facts = exploration.Space.Of(state, input.Input);
                var keyed = !facts.MayRepeat && IsKeyed(state, new InputText(input.Input));
                return keyed || !facts.MayBePresent || HasNoIdentity(exploration, input.Input, facts)
                    || exploration.Space.WithPresence(state, input, true) is not { } path
                    ? null
                    : (path, InputSpace.FieldOf(input.Input));
            case WrittenField { Value: var value } when CarrierOf(value, carriers) is { } carrier && !IsKeyed(state, value):
                return (state, carrier);
            case AnyField { Value: var any } when CarrierOf(any, carriers) is { } carrier:
                return (state, carrier);
            default:
                return null;
        }
    }

    // A Cookie field that is known to hold one line without any declared identity cookie says nothing about who asks.
    private static bool HasNoIdentity(Exploration exploration, string input, InputFacts facts)
    {
        var cookies = exploration.Question.Identity.Cookies;
        if (InputSpace.FieldOf(input) != "req.http.cookie" || facts.MayRepeat || cookies.Count == 0)
        {
            return false;
        }

        var names = string.Join('|', cookies.Items.Select(c => System.Text.RegularExpressions.Regex.Escape(c)));
        var named = RegexLanguage.Of($"(?:^|[;, \t])(?:{names})[ \t]*=", exploration.Space.Budget.SharePattern());
        return !facts.Value.Intersects(named.May, exploration.Space.Budget);
    }

    private static string? CarrierOf(Text value, string[] carriers) => value.Sources
        .Select(s => s == PathFacts.Anything ? carriers[0] : InputSpace.FieldOf(s))
        .FirstOrDefault(s => carriers.Contains(s));

    private static bool IsKeyed(PathState state, Text value) => state.Key.Contains(value);

    private static string In(string field, string carrier) =>
        field == "be" + carrier ? string.Empty : $" in `{WitnessMaker.NameOf(field)}`";
}
