using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>Reads which sites' scripts may read a response.</summary>
internal static class CorsReader
{
    private const int MostOrigins = 100;
    private const int MostNames = 50;

    private static readonly Duration OneDay = Duration.FromSeconds(86_400);

    public static Cors? Read(FieldReader cors)
    {
        if (!cors.IsGiven)
        {
            return null;
        }

        if (!cors.Has("origins") || cors.IsEmptyList("origins"))
        {
            cors.Missing("origins",
                "list the sites, for example `origins: [https://app.example.com]`; or `[\"*\"]` for all");
        }

        var origins = Origins(cors);
        var credentials = cors.Flag("credentials") is true;
        if (origins.Contains(Cors.Anybody) && (origins.Count > 1 || credentials))
        {
            cors.Findings.Error("field/conflict", cors.At(credentials ? "credentials" : "origins"),
                credentials ? "every site of the world would read what is one user's alone"
                    : "`*` is every site, and others stand beside it",
                credentials ? "list the sites in `origins`" : "list `*` alone, or the sites");
        }

        var maxAge = cors.Time("maxAge");
        if (maxAge > OneDay)
        {
            cors.Findings.Error("field/range", cors.At("maxAge"), "no browser remembers for more than a day",
                "write at most `1d`");
        }

        return new Cors(
            origins, Tokens(cors, "methods", "method"), Tokens(cors, "headers", "header"),
                Tokens(cors, "expose", "header"),
            credentials, maxAge);
    }

    private static EquatableList<string> Origins(FieldReader cors)
    {
        var origins = new List<string>();
        foreach (var (text, path) in cors.Texts("origins", MostOrigins))
        {
            if (text != Cors.Anybody && !IsOrigin(text))
            {
                cors.Findings.Error("cors/origin", path, $"{Quoted.Text(text)} is no site as a browser sends it",
                    "write scheme and host in lower case, and the port only where it is not the scheme's: "
                        + "`https://app.example.com`; "
                        + "no path, no `/` at the end, no `*` within, not `null`");
            }
            else if (origins.Contains(text))
            {
                cors.Findings.Error("name/duplicate", path, $"{Quoted.Text(text)} is listed twice",
                    "remove one of them");
            }
            else
            {
                origins.Add(text);
            }
        }

        return origins.ToEquatableList();
    }

    private static bool IsOrigin(string text) =>
        text.Split("://", 2) is ["http" or "https" or "capacitor" or "ionic", var authority]
        && authority.Split(':', 2) is [var host, .. var port]
        && Names.IsSubdomain(host)
        && (port.Length == 0 || (int.TryParse(port[0], out var number) && number is > 0 and < 65_536
            && port[0] == number.ToString()
                && (text[..text.IndexOf(':')], number) is not (("http", 80) or ("https", 443))));

    // An asterisk would be a wildcard, though not with credentials: each is named.
    private static EquatableList<string> Tokens(FieldReader cors, string field, string what)
    {
        var names = new List<string>();
        foreach (var (text, path) in cors.Texts(field, MostNames))
        {
            if (!Names.IsToken(text) || text.Contains('*', StringComparison.Ordinal))
            {
                cors.Findings.Error("name/invalid", path, $"{Quoted.Text(text)} is no name of a {what}",
                    "name each, without `*`, `:` and blanks");
            }
            else if (!names.Contains(text))
            {
                names.Add(text);
            }
        }

        return names.ToEquatableList();
    }
}
