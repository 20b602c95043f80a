using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>Reads which requests a rule matches.</summary>
internal static class MatchReader
{
    private const int MostExtensions = 200;
    private const int MostPaths = 1_000;
    private const int MostMethods = 20;
    private static readonly string[] Brought = ["headers", "cookies", "query"];

    /// <summary>One match for each set of paths; none where something is wrong.</summary>
    public static EquatableList<RouteMatch> Read(FieldReader rule, EquatableList<HostName> hosts)
    {
        var match = rule.RequiredMap<MatchSpec>("match", "say which requests: `match: {pathPrefix: /static}`");
        var request = new RequestConditions(
            Hosts(match, hosts),
            Methods(match),
            BroughtReader.Read(match, "cookies", "cookie"),
            BroughtReader.Headers(match, "headers"),
            BroughtReader.Read(match, "query", "query parameter"));
        foreach (var field in Brought.Append("paths").Where(match.IsEmptyList))
        {
            TellEmpty(match, field, "list what must be there, or remove it");
        }

        return Paths(match).Select(paths => paths with { Request = request }).ToEquatableList();
    }

    private static RouteMatch[] Paths(FieldReader match)
    {
        if (!match.Has("paths"))
        {
            return PathOf(match) is { } path ? [path] : [];
        }

        if (match.Given([.. PatternReader.Forms, "extensions"]) is { Length: > 0 } beside)
        {
            match.Findings.Error("match/conflict", match.Path, $"the match has `paths` and `{beside[0]}`",
                "make it one of the elements of `paths`");
        }

        return
        [
            .. from element in match.Each("paths", MostPaths)
               let reader = FieldReader.Of<PathSpec>(element.Node, element.Path, match.Findings)
               let path = reader.IsGiven ? PathOf(reader) : null
               where path is not null
               select path with { Place = element.Path },
        ];
    }

    private static RouteMatch? PathOf(FieldReader match)
    {
        var forms = match.Given(PatternReader.Forms);
        if (forms.Length > 1)
        {
            match.Findings.Error("match/conflict", match.Path,
                $"the match has {string.Join(" and ", forms.Select(f => $"`{f}`"))}",
                "give one of them; `extensions` may go with it; several sets of paths are `paths: [{path: /a}, "
                    + "{pathPrefix: /b}]`");
            return null;
        }

        var isAny = forms.Length == 0 && !match.Has("extensions");
        if (match.IsGiven && isAny && match.Given("hosts", "methods", "headers", "cookies", "query").Length == 0)
        {
            match.Findings.Error("match/missing", match.Path, "the match says nothing",
                "give one of `path`, `pathPrefix`, `template` and `regex`, or `extensions`; every path is `pathPrefix: /`");
            return null;
        }

        RoutePattern? pattern = forms.Length == 1 ? PatternReader.Read(match, forms[0])
            : isAny ? new PathPrefix("/") : null;
        var extensions = Extensions(match);
        if (forms.Length == 0 && match.IsEmptyList("extensions"))
        {
            TellEmpty(match, "extensions", "list extensions, for example `[css, js]`, or remove it");
        }

        return new RouteMatch(pattern, extensions);
    }

    private static void TellEmpty(FieldReader match, string field, string help) =>
        match.Findings.Error("field/empty", match.At(field), $"`{field}` lists nothing", help);

    private static EquatableList<HostName> Hosts(FieldReader match, EquatableList<HostName> ofPolicy)
    {
        if (!match.Has("hosts"))
        {
            return [];
        }

        var hosts = HostReader.Read(match);
        foreach (var host in hosts.Items.Where(h => ofPolicy.Count > 0 && !ofPolicy.Contains(h)))
        {
            match.Findings.Error("host/unknown", match.At("hosts"), $"`{host}` is none of the hosts of the policy",
                Suggestion.Nearest(host.Value, [.. ofPolicy.Items.Select(h => h.Value)]) is { } near
                    ? $"did you mean `{near}`?"
                    : "list it in `spec.hosts` as well, or remove it here");
        }

        // All of them say no more than none.
        return ofPolicy.Items.All(hosts.Contains) ? [] : hosts;
    }

    private static EquatableList<string> Methods(FieldReader match)
    {
        var methods = new List<string>();
        foreach (var (text, path) in match.Texts("methods", MostMethods, longest: 32))
        {
            if (!text.All(char.IsAsciiLetterUpper))
            {
                match.Findings.Error("method/invalid", path, $"{Quoted.Text(text)} is no method",
                    text.All(char.IsAsciiLetter) ? $"methods are in capitals: `{text.ToUpperInvariant()}`"
                        : "write for example `GET` or `POST`");
            }
            else if (methods.Contains(text))
            {
                match.Findings.Error("name/duplicate", path, $"method {Quoted.Text(text)} is listed twice",
                    "remove one of them");
            }
            else
            {
                methods.Add(text);
            }
        }

        if (match.IsEmptyList("methods"))
        {
            TellEmpty(match, "methods", "list methods, or remove it: all are meant then");
        }

        return methods.Order(StringComparer.Ordinal).ToEquatableList();
    }

    private static EquatableList<string> Extensions(FieldReader match)
    {
        var extensions = new List<string>();
        foreach (var (text, path) in match.Texts("extensions", MostExtensions, longest: 32))
        {
            if (!text.All(char.IsAsciiLetterOrDigit))
            {
                match.Findings.Error("extension/invalid", path, $"{Quoted.Text(text)} is no extension",
                    text[0] == '.'
                        ? $"leave out the dot: {Quoted.Text(text.TrimStart('.'))}"
                        : "use letters and digits, for example `css`");
            }
            else if (extensions.Contains(text.ToLowerInvariant()))
            {
                match.Findings.Error("name/duplicate", path, $"extension {Quoted.Text(text)} is listed twice",
                    "remove one of them");
            }
            else
            {
                extensions.Add(text.ToLowerInvariant());
            }
        }

        return extensions.ToEquatableList();
    }
}
