using System.Buffers;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities.Documents;
using CachePolicyOperator.Entities.OpenApi;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>
/// Reads which requests are personal and what says who asks; the same in a policy and in <see cref="PersonalRoutes"/>.
/// </summary>
internal sealed class PersonalReader(
    Findings findings, IConfigMaps configMaps, string inNamespace, string pathPrefix = "")
{
    private const int MostRoutes = OpenApiRoutes.Most;
    private const int MostNames = 200;
    private static readonly SearchValues<char> NotInQueryNames = SearchValues.Create("&=?#% ");
    private static readonly string[] Forms = [.. PatternReader.Forms, "openAPI"];

    public EquatableList<PersonalRoute> Routes(FieldReader reader)
    {
        var routes = new List<PersonalRoute>();
        foreach (var (node, path) in reader.Each("routes", MostRoutes))
        {
            var route = FieldReader.Of<PersonalRouteSpec>(node, path, findings);
            var given = route.Given(Forms);
            if (!route.IsGiven)
            {
                continue;
            }

            if (given.Length != 1)
            {
                findings.Error(given.Length == 0 ? "match/missing" : "match/conflict", path,
                    given.Length == 0 ? "the route says no path" : $"the route has {And(given)}",
                    "give exactly one of `path`, `pathPrefix`, `template`, `regex` and `openAPI`; several routes are "
                        + "several elements");
                continue;
            }

            if (given[0] == "openAPI")
            {
                routes.AddRange(OpenApi(route.Map<OpenApiSpec>("openAPI")));
            }
            else if (PatternReader.Read(route, given[0]) is { } pattern)
            {
                routes.Add(new PersonalRoute(pattern, pathPrefix + path));
            }
        }

        if (routes.Count > MostRoutes)
        {
            findings.Error("field/too-many", reader.At("routes"),
                $"there are {routes.Count:N0} personal routes; at most {MostRoutes:N0} are read",
                "describe several by one prefix");
        }

        return routes.ToEquatableList();
    }

    public static IdentityCarriers Identity(FieldReader reader)
    {
        var identity = reader.Map<IdentitySpec>("identity");
        return new IdentityCarriers(
            Tokens(identity, "cookies", "cookie"),
            Headers(identity),
            QueryNames(identity, "query"));
    }

    /// <summary>Names of query parameters, each once.</summary>
    public static EquatableList<string> QueryNames(FieldReader reader, string field) =>
        Distinct(reader, field, reader.Texts(field, MostNames).Where(t =>
        {
            if (!t.Text.AsSpan().ContainsAny(NotInQueryNames) && !t.Text.Any(char.IsControl))
            {
                return true;
            }

            reader.Findings.Error("name/invalid", t.Path, $"{Quoted.Text(t.Text)} is no name of a query parameter",
                "write the name alone, decoded, without `=`");
            return false;
        }));

    /// <summary>A name of a cookie or header; null where it is none.</summary>
    public static string? TokenOf(FieldReader reader, DocumentNode node, string path, string what) =>
        reader.TextOf(node, path, longest: 256) is { } text && IsToken(reader, text, path, what) ? text : null;

    private static EquatableList<string> Tokens(FieldReader reader, string field, string what) =>
        Distinct(reader, field, ValidTokens(reader, field, what));

    private static EquatableList<string> Headers(FieldReader identity)
    {
        var names = ValidTokens(identity, "headers", "header")
            .Select(t => (Text: t.Text.ToLowerInvariant(), t.Path))
            .ToList();
        foreach (var (_, path) in names.Where(n => n.Text == "cookie"))
        {
            identity.Findings.Error("identity/cookie-header", path, "the header `Cookie` as a whole says who asks",
                "name the cookies that do in `cookies`");
        }

        // Authorization always counts, so that naming it is right and says nothing new.
        return Distinct(identity, "headers", names.Where(n => n.Text is not "authorization"));
    }

    private static IEnumerable<(string Text, string Path)> ValidTokens(FieldReader reader, string field, string what)
    {
        foreach (var (text, path) in reader.Texts(field, MostNames))
        {
            if (IsToken(reader, text, path, what))
            {
                yield return (text, path);
            }
        }
    }

    private static bool IsToken(FieldReader reader, string text, string path, string what)
    {
        if (what == "cookie" && text.IndexOf('*') is >= 0 and var star && (star < text.Length - 1 || star == 0))
        {
            reader.Findings.Error("name/invalid", path, $"{Quoted.Text(text)} is no name of a cookie",
                "a `*` may only end a name, as in `wordpress_logged_in_*`");
            return false;
        }

        if (Names.IsToken(text) && (what == "cookie" || !text.Contains('*')))
        {
            return true;
        }

        reader.Findings.Error("name/invalid", path, $"{Quoted.Text(text)} is no name of a {what}",
            "write the name alone, without `:`, `=`, `*` or spaces");
        return false;
    }

    private static EquatableList<string> Distinct(
        FieldReader reader, string field, IEnumerable<(string Text, string Path)> names)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var distinct = new List<string>();
        foreach (var (text, path) in names)
        {
            if (seen.Add(text))
            {
                distinct.Add(text);
            }
            else
            {
                reader.Findings.Error("name/duplicate", path, $"{Quoted.Text(text)} is listed twice in `{field}`",
                    "remove one of them");
            }
        }

        return distinct.ToEquatableList();
    }

    private IEnumerable<PersonalRoute> OpenApi(FieldReader openApi)
    {
        var help = "name the ConfigMap: `configMap: {name: …, key: openapi.yaml}`";
        if (ConfigMapText.Read(openApi, help, configMaps, inNamespace) is not { } reference)
        {
            return [];
        }

        try
        {
            return OpenApiRoutes.Read(reference.Text, reference.Key, openApi.Path, findings)
                .Select(t => new PersonalRoute(t, pathPrefix + openApi.Path));
        }
        catch (OpenApiTooLargeException)
        {
            findings.Error("field/too-many", openApi.Path, $"the description says more than {MostRoutes:N0} routes",
                "describe several by one prefix");
            return [];
        }
    }

    private static string And(string[] names) =>
        names.Length == 2 ? $"both `{names[0]}` and `{names[1]}`" : string.Join(", ", names.Select(n => $"`{n}`"));
}
