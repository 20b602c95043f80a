namespace CachePolicyOperator.Bench.Hostile;

/// <summary>Regular expressions that are made to cost more than they look like.</summary>
internal static class HostilePatterns
{
    private const int Megabyte = 1024 * 1024;

    public static IReadOnlyList<(string Name, string Pattern)> All { get; } =
    [
        ("nested-stars", "^/((((a*)*)*)*)*b$"),
        ("nested-plus", "^/(((a+)+)+)+([ab]+)+$"),
        ("counted-in-counted", "^/(a{1,1000}){1,1000}$"),
        ("counted-large", "^/[ab]{65535}$"),
        ("counted-deep", $"^/{Nested("(?:", "[a-z]", "){0,9}", 20)}$"),
        ("late-letter", "^/.*a.{60}$"),
        ("late-letters", "^/([ab]*a[ab]{18}|[bc]*c[bc]{18})$"),
        ("alternation",
            $"^/({string.Join('|', Enumerable.Range(0, 3_000).Select(i => $"word{i * 7919 % 100_003}"))})$"),
        ("alternation-unanchored", string.Join('|', Enumerable.Range(0, 2_000).Select(i => $"w{i * 7919 % 100_003}x"))),
        ("alternation-any-case",
            $"(?i)^/({string.Join('|', Enumerable.Range(0, 2_000).Select(i => $"word{i}ends"))})$"),
        ("classes", $"^/{string.Concat(Enumerable.Repeat(@"[\p{L}\p{N}\x80-\xff[:punct:]^\d\W]*\X?\R?", 60))}$"),
        ("classes-distinct",
            $"^/({string.Join('|', Enumerable.Range(0, 250).Select(i => $@"[\x{i:x2}-\xff]{{{1 + (i % 9)}}}"))})$"),
        ("overlapping-stars", $"^/{string.Join(".*", Enumerable.Range(0, 200).Select(i => (char)('a' + (i % 26))))}"),
        ("overlapping-words", $"^/({string.Join('|', Enumerable.Range(0, 40).Select(i => $".*x{i}y.*z{i}"))})$"),
        ("optionals", $"^/{string.Concat(Enumerable.Repeat("a?", 4_000))}{new string('a', 4_000)}$"),
        ("megabyte-of-literal", $"^/{new string('a', Megabyte)}"),
        ("megabyte-of-words", string.Join('|', Enumerable.Range(0, Megabyte / 8).Select(i => $"a{i:x6}"))),
        ("megabyte-of-groups", string.Concat(Enumerable.Repeat("(a)", Megabyte / 3))),
        ("groups-deep", Nested("(", "a", ")*", 249)),
        ("groups-too-deep", Nested("(", "a", ")", 100_000)),
        ("look-aheads", $"^/{string.Concat("abcdefghijklmnopqrstuvwxyz".Select(c => $"(?=.*{c})"))}"),
        ("look-aheads-nested", Nested("(?=.*", "a", "b)", 60)),
        ("look-behinds", string.Concat(Enumerable.Range(1, 30).Select(i => $"(?<!a.{{{i}}})(?<=[ab].{{{i}}})")) + "b"),
        ("possessive", $"^/{Nested("(?>", "a*", ")*+", 40)}b"),
        ("back-references",
            $"^/{string.Concat(Enumerable.Repeat("(a*)", 40))}{string.Concat(Enumerable.Range(1, 40).Select(i => $@"\{i}"))}$"),
        ("recursion", @"^/(\((?:[^()]++|(?1))*\))+(?R)?$"),
        ("conditions", string.Concat(Enumerable.Repeat("(a)?(?(1)b|c)", 200))),
        ("boundaries", string.Concat(Enumerable.Repeat(@"(?m:^a*\b$|\B)", 60))),
    ];

    private static string Nested(string open, string inner, string close, int depth) =>
        string.Concat(Enumerable.Repeat(open, depth)) + inner + string.Concat(Enumerable.Repeat(close, depth));
}
