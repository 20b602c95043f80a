using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Bench.Hostile;

/// <summary>VCLs that are made to cost more than a proof should.</summary>
internal static class HostileVcls
{
    private const int Size = 5 * 1024 * 1024;

    private const string Head = "vcl 4.1;\nbackend default { .host = \"127.0.0.1\"; }\n";

    public static IReadOnlyList<(string Name, Func<VclParse> Parse)> All { get; } =
    [
        ("5mb-of-statements",
            () => Parse(
            Receive(Fill("    if (req.url ~ \"^/section\") { set req.http.X-Section = \"a\" + req.url; }\n")))),
        ("5mb-of-subs",
            () => Parse(Head + Numbered(Size / 60, i => $"sub part_{i} {{ set req.http.X-Part = \"{i}\"; }}\n"))),
        ("5mb-of-comment", () => Parse($"{Head}/*{new string('*', Size)}*/")),
        ("5mb-of-comments", () => Parse(Head + Fill("# a comment\n"))),
        ("5mb-of-string", () => Parse(Receive($"set req.http.X = {{\"{new string('x', Size)}\"}};"))),
        ("5mb-of-braces", () => Parse(Head + new string('{', Size))),
        ("5mb-of-parentheses", () => Parse(Receive($"if ({new string('(', Size)}"))),
        ("5mb-of-nonsense", () => Parse(Head + Fill("@ $ ` \\ \u0001 \u00ff ' "))),
        ("5mb-of-errors", () => Parse(Receive(Fill("set = ; if ) { unset } else; ")))),
        ("5mb-of-open-strings", () => Parse(Head + Fill("\"abc\n{\"def\n"))),
        ("5mb-of-addresses",
            () => Parse(
            $"{Head}acl all {{\n{Numbered(Size / 22, i => $"\"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}\"/32;\n")}}}\n")),
        ("5mb-of-backends",
            () => Parse(Head
            + Numbered(Size / 50, i => $"backend b{i} {{ .host = \"127.0.0.1\"; .port = \"{i % 60_000}\"; }}\n"))),
        ("5mb-in-one-line", () => Parse(Receive($"set req.http.X = \"\"{Fill(" + req.url")};"))),
        ("blocks-deep", () => Parse(Receive($"{Repeat("if (req.http.A) { ", 150)}{Repeat("}", 150)}"))),
        ("conditions-in-turn",
            () => Parse(
            Receive(Numbered(3_000,
            i => $"if (req.url ~ \"^/section-{i}/\") {{ set req.http.X-Section = \"{i}\"; }}\n")))),
        ("conditions-else", () => Parse(Receive(
            $"if (req.url == \"/\") {{ return (pass); }}\n{Numbered(3_000, i => $"elsif (req.url ~ \"^/section-{i}/\") {{ return (pass); }}\n")}"))),
        ("conditions-or",
            () => Parse(
            Receive($"if (req.url == \"/\"{Numbered(5_000, i => $" || req.url ~ \"^/page-{i}$\"")}) {{ return (pass); }}"))),
        ("conditions-independent",
            () => Parse(
            Receive(Numbered(200, i => $"if (req.http.H{i} ~ \"a.*b\") {{ set req.http.X{i} = req.http.H{i}; }}\n")))),
        ("conditions-on-one-field",
            () => Parse(
            Receive(Numbered(60, i => $"if (req.url ~ \"x{i}.*y{i}\") {{ set req.http.X{i} = \"1\"; }}\n")))),
        ("fields", () => Parse(Receive(Numbered(20_000, i => $"set req.http.X-{i} = req.http.X-{i + 1};\n")))),
        ("substitutions",
            () => Parse(
            Receive(Numbered(100, i => $"set req.url = regsuball(req.url, \"([?&])p{i}=[^&]*&?\", \"\\1\");\n")))),
        ("substitutions-doubling",
            () => Parse(Receive(Repeat("set req.http.X = req.http.X + req.http.X + req.url;\n", 60)))),
        ("calls-in-a-row",
            () => Parse(Head + Numbered(3_000, i => $"sub s{i} {{ call s{i + 1}; }}\n")
            + "sub s3000 { }\nsub vcl_recv { call s0; }\n")),
        ("calls-doubling",
            () => Parse(Head
            + Numbered(40, i => $"sub s{i} {{ call s{i + 1}; if (req.http.H{i}) {{ call s{i + 1}; }} }}\n")
            + "sub s40 { set req.http.X = req.http.X + \"a\"; }\nsub vcl_recv { call s0; }\n")),
        ("calls-in-a-circle", () => Parse($"{Head}sub a {{ call b; }} sub b {{ call a; }} sub vcl_recv {{ call a; }}")),
        ("restarts",
            () => Parse(
            $"{Receive("set req.http.N = req.http.N + \"1\"; if (req.http.A) { return (restart); }")}sub vcl_deliver {{ return (restart); }}\n")),
        ("restarts-behind-conditions", () => Parse(Receive("if (req.http.A) { return (pass); }") + "sub vcl_deliver {\n"
            + Numbered(200, i => $"if (req.http.H{i} ~ \"a.*b\") {{ set req.http.X{i} = resp.http.H{i}; }}\n")
                + "if (req.http.X1) { return (restart); }\n}\n")),
        ("told-from-field-to-field", () => Parse(
            $"{Head}sub vcl_deliver {{\n{Numbered(29_000, i => $"set req.http.X{i} = req.http.X{i + 1};\n")}set req.http.X29000 = resp.http.X;\n}}\n")),
        ("hostile-patterns-together", () => Parse(Receive(string.Concat(
            HostilePatterns.All.Where(p => p.Pattern.Length < 10_000)
                .Select(p => $"if (req.url ~ {{\"{p.Pattern}\"}}) {{ return (pass); }}\n"))))),
        ("include-loop", () => Included("a.vcl", [("a.vcl", "include \"b.vcl\";"), ("b.vcl", "include \"a.vcl\";")])),
        ("include-doubling", () => Included(
            "0.vcl",
                [.. Enumerable.Range(0, 60)
                .Select(i => ($"{i}.vcl", $"include \"{i + 1}.vcl\"; include \"{i + 1}.vcl\";")),
                ("60.vcl", "# end\n")])),
        ("include-many", () => Included(
            "0.vcl", [.. Enumerable.Range(0, 20_000).Select(i => ($"{i}.vcl", "# nothing\n")), ("all.vcl", "# all")],
                "include +glob \"*.vcl\";\n")),
    ];

    private static VclParse Parse(string text) => VclParser.Parse("hostile.vcl", text);

    private static VclParse Included(string first, (string Name, string Text)[] files, string? include = null) =>
        VclParser.Parse(
        SourceFile.FromText("hostile.vcl", $"{Head}{include ?? $"include \"{first}\";\n"}"),
        new VclFiles(files.Select(f => SourceFile.FromText(f.Name, f.Text))));

    private static string Receive(string body) => $"{Head}sub vcl_recv {{\n{body}\n}}\n";

    private static string Fill(string text) => Repeat(text, Size / text.Length);

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static string Numbered(int count, Func<int, string> line) =>
        string.Concat(Enumerable.Range(0, count).Select(line));
}
