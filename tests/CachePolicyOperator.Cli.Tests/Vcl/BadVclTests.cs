using System.Text;
using System.Text.RegularExpressions;

namespace CachePolicyOperator.Cli.Tests.Vcl;

/// <summary>Nothing that is given as a VCL crashes the command or passes for a proof.</summary>
public sealed partial class BadVclTests
{
    private const string Head = "vcl 4.1;\nbackend default { .host = \"192.0.2.1\"; }\n";

    public static TheoryData<string, string, int> Broken() => new()
    {
        { "empty", "", 6 },
        { "no version", "backend default { .host = \"192.0.2.1\"; }", 6 },
        { "an open brace", Head + "sub vcl_recv {", 6 },
        { "an open string", Head + "sub vcl_recv { set req.url = \"/x; }", 6 },
        { "an unknown variable", Head + "sub vcl_recv { set req.urll = \"/x\"; }", 6 },
        { "an unknown vmod", Head + "import nosuch;\nsub vcl_recv { nosuch.leak(req.http.Cookie); return (pass); }",
            1 },
        { "an include of nothing", Head + "include \"nowhere.vcl\";", 6 },
        { "deep parentheses",
            Head + $"sub vcl_recv {{ if ({new string('(', 200_000)}true{new string(')', 200_000)}) {{ return (pass); }} }}", 1 },
        { "deep blocks",
            Head + $"sub vcl_recv {{ {new string('{', 200_000)}{new string('}', 200_000)} return (pass); }}", 6 },
        { "deep conditions",
            Head + $"sub vcl_recv {{ {Repeat("if (req.restarts == 0) { ", 50_000)}{new string('}', 50_000)} return (pass); }}", 1 },
        { "deep negations", Head + $"sub vcl_recv {{ if ({new string('!', 200_000)}true) {{ return (pass); }} }}", 6 },
        { "five megabytes of words", Head + Repeat("word ", 1_000_000), 6 },
        { "five megabytes in a string",
            Head + $"sub vcl_recv {{ set req.url = \"{new string('x', 5_000_000)}\"; return (hash); }}", 1 },
        { "embedded C", Head + "C{ int x; }C\nsub vcl_recv { return (pass); }", 1 },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_broken_VCL_is_told_with_line_and_column(string name, string vcl, int exitCode)
    {
        var run = await VclText.VerifyAsync(vcl);

        Assert.True(run.ExitCode == exitCode, $"{name}: {run.ExitCode} {run.Error}");
        Assert.DoesNotContain("proven", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("mistake of cachepolicy", run.Error, StringComparison.Ordinal);
        Assert.Matches(Place(), run.Out);
        Assert.InRange(run.Out.Length, 1, 200_000);
    }

    [Fact]
    public async Task Five_megabytes_of_statements_end_in_a_verdict()
    {
        var vcl = Head + "sub vcl_recv {\n"
            + Repeat("    if (req.http.X-A ~ \"a\") { set req.http.X-B = \"b\"; }\n", 90_000)
            + "    return (hash);\n}\n";
        Assert.InRange(vcl.Length, 4_500_000, 6_000_000);

        var run = await VclText.VerifyAsync(vcl, "-o", "json");

        Assert.Equal((1, ""), (run.ExitCode, run.Error));
    }

    [Theory]
    [InlineData(new byte[] { 0xC3, 0x28 }, "3:3", "0xc3")]
    [InlineData(new byte[] { 0xE9 }, "3:3", "0xe9")]
    [InlineData(new byte[] { 0 }, "3:3", "zero byte")]
    public async Task Bytes_that_are_no_text_are_told_and_nothing_is_proven(byte[] odd, string place, string what)
    {
        byte[] vcl = [.. Encoding.UTF8.GetBytes(Head), .. "# "u8, .. odd, .. "\nsub vcl_recv { return (pass); }\n"u8];

        var run = await CliRun.OfAsync(vcl, [], ["verify", "--vcl", "-", "--personal", "/mypage"]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"error[vcl/not-text]: there is {(odd[0] == 0 ? "a " : "the byte ")}{what}", run.Error,
            StringComparison.Ordinal);
        Assert.Contains($"--> stdin:{place}", run.Error, StringComparison.Ordinal);
        Assert.Contains("unknown: ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_binary_is_neither_a_VCL_nor_a_policy()
    {
        var bytes = new byte[500_000];
        new Random(1).NextBytes(bytes);

        var run = await CliRun.OfAsync(bytes, [], ["verify", "--vcl", "-", "--personal", "/mypage"]);

        var policy = await CliRun.OfAsync(bytes, [], ["verify", "-f", "-"]);
        Assert.Equal((2, 2), (run.ExitCode, policy.ExitCode));
        Assert.Contains("error[vcl/not-text]", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_include_each_other_are_told()
    {
        using var directory = new ScratchDirectory();
        var top = directory.Write("a.vcl", Head + "include \"./b.vcl\";\n");
        directory.Write("b.vcl", "include \"./a.vcl\";\n");

        var run = await CliRun.OfAsync("verify", "--vcl", top, "--personal", "/mypage");

        Assert.Equal(6, run.ExitCode);
        Assert.Contains("error[vcl/include-loop]", run.Out, StringComparison.Ordinal);
        Assert.Contains($"{directory.PathOf("b.vcl")}:1:9", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_included_file_that_is_no_text_is_told_by_its_name()
    {
        using var directory = new ScratchDirectory();
        var top = directory.Write("a.vcl", Head + "include \"./b.vcl\";\n");
        directory.Write("b.vcl", [.. "# "u8, 0xFF, (byte)'\n']);

        var run = await CliRun.OfAsync("verify", "--vcl", top, "--personal", "/mypage");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"{directory.PathOf("b.vcl")}:1:3", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_and_a_file_that_is_not_there_are_unusable()
    {
        using var directory = new ScratchDirectory();

        var given = await CliRun.OfAsync("verify", "--vcl", directory.PathOf(""), "--personal", "/mypage");
        var missing = await CliRun.OfAsync("verify", "--vcl", directory.PathOf("no.vcl"), "--personal", "/mypage");

        Assert.Equal((2, 2), (given.ExitCode, missing.ExitCode));
        Assert.Contains("this is a directory", given.Error, StringComparison.Ordinal);
        Assert.Contains("there is no such file", missing.Error, StringComparison.Ordinal);
    }

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    [GeneratedRegex(@"--> stdin(:\d+:\d+)?\n")]
    private static partial Regex Place();
}
