using System.Text;

namespace CachePolicyOperator.Cli.Tests.Documents;

/// <summary>An input that gives a diagnostic, as docs/diagnostics.md shows it and as the program gets it.</summary>
/// <param name="Code">What it gives.</param>
/// <param name="Language">Of the text that is shown.</param>
internal sealed record DiagnosticExample(string Code, string Language, string Shown, string[] Arguments, byte[] Input)
{
    private const string Vcl = "vcl 4.1;\nbackend default { .host = \"192.0.2.1\"; }\n";

    /// <summary>The spec of a policy that is proven.</summary>
    private static readonly (string Name, string Value)[] Good =
    [
        ("hosts", "[www.example.com]"),
        ("origin", "{service: {name: shop, port: 8080}}"),
        ("cache", "{managed: {replicas: 2}}"),
        ("entrypoints", "[{service: {name: shop-entry, port: 80}}]"),
        ("personal", "{routes: [{pathPrefix: /mypage}], identity: {cookies: [session]}}"),
        ("rules",
            "[{name: assets, match: {pathPrefix: /static}, cache: {ttl: 1h, identity: Ignore, key: {query: None}}}]"),
    ];

    /// <summary>What a page cannot show: by the word behind the exclamation mark.</summary>
    private static readonly Dictionary<string, (string Shown, byte[] Input)> Large = new(StringComparer.Ordinal)
    {
        ["!deep"] = ("sub vcl_recv { if (((((((((… a thousand parentheses …",
            Encoding.UTF8.GetBytes($"{Vcl}sub vcl_recv {{ if ({new string('(', 1_000)}req.url")),
        ["!latin"] = ("sub vcl_recv { } # caf\\xe9 in Latin-1",
            [.. Encoding.UTF8.GetBytes($"{Vcl}sub vcl_recv {{ }} # caf"), 0xe9]),
    };

    public static IEnumerable<DiagnosticExample> OfPolicies() => Sections("policies.txt").Select(s =>
        s.Body.StartsWith('!')
            ? new DiagnosticExample(s.Head, "console", $"$ cachepolicy verify {s.Body[1..].Trim()}",
                ["verify", .. Words(s.Body)], [])
            : new DiagnosticExample(s.Head, "yaml", s.Body, ["verify", "-f", "-"],
                Encoding.UTF8.GetBytes(Policy(s.Body))));

    public static IEnumerable<DiagnosticExample> OfVcl() => Sections("vcl.txt").Select(s =>
    {
        var (code, further) = (s.Head.Split(' ')[0], s.Head.Split(' ')[1..]);
        string[] arguments = ["verify", .. s.Body.StartsWith("!--", StringComparison.Ordinal) ? Words(s.Body)
            : ["--vcl", "-"], "--personal", "/mypage", "--identity-cookie", "session", .. further];
        return s.Body.StartsWith("!--", StringComparison.Ordinal)
            ? new DiagnosticExample(code, "console", $"$ cachepolicy verify {s.Body[1..].Trim()} --personal /mypage",
                arguments, [])
            : Large.TryGetValue(s.Body.Trim(), out var large)
                ? new DiagnosticExample(code, "vcl", large.Shown, arguments, large.Input)
                : new DiagnosticExample(code, "vcl", s.Body, arguments,
                    Encoding.UTF8.GetBytes(s.Body.StartsWith("vcl", StringComparison.Ordinal) ? s.Body : Vcl + s.Body));
    });

    /// <summary>Codes without an example that a machine alone can run: code, who, when, remedy.</summary>
    public static IEnumerable<string[]> Told() =>
        Sections("told.txt").Select(s => s.Head.Split('|', StringSplitOptions.TrimEntries));

    private static string[] Words(string body) => body[1..].Trim().Split(' ')
        .Select(w => w.Contains('/') ? Path.Combine(Repository.Root, w) : w).ToArray();

    private static IEnumerable<(string Head, string Body)> Sections(string file) =>
        File.ReadAllText(Path.Combine(Repository.Root, "docs", "examples", "diagnostics", file))
            .Split("\n== ").Skip(1)
            .Select(s =>
                (s.Split('\n')[0].Trim(), s.Contains('\n') ? s[(s.IndexOf('\n') + 1)..].TrimEnd('\n') + "\n" : ""));

    /// <summary>Fields of a spec stand in a good one; a whole document is what it is.</summary>
    private static string Policy(string body)
    {
        if (body.StartsWith("apiVersion", StringComparison.Ordinal) || body.StartsWith('{'))
        {
            return body;
        }

        var parts = body.Split("---\n", 2);
        var lines = parts[0].Split('\n');
        var given = lines.Where(l => l.Length > 0 && l[0] is not (' ' or '#')).Select(l => l.Split(':')[0])
            .Concat(lines.Where(l => l.StartsWith("# without `", StringComparison.Ordinal))
                .Select(l => l.Split('`')[1]))
            .ToHashSet();
        var others = Good.Where(g => !given.Contains(g.Name) && !(g.Name == "rules" && given.Contains("vcl")))
            .Select(g => $"  {g.Name}: {g.Value}\n");
        var own = parts[0].Split('\n').Where(l => l.Length > 0).Select(l => $"  {l}\n");
        return $"apiVersion: cachepolicy.dev/v1alpha1\nkind: CachePolicy\nmetadata: {{name: shop, namespace: web}}\nspec:\n{string.Concat(others)}{string.Concat(own)}"
            + (parts.Length > 1 ? $"---\n{parts[1]}" : "");
    }
}
