using System.Diagnostics;
using System.Text;
using System.Text.Json;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Cli.Tests.Commands;

public sealed class VerifyTests
{
    private static string Good => File.ReadAllText(Repository.Example("storefront.yaml"));

    [Fact]
    public async Task The_digest_of_what_is_proven_is_in_JSON()
    {
        var text = await CliRun.OfAsync("verify", "-f", Repository.Example("storefront.yaml"));
        var run = await CliRun.OfAsync("verify", "-f", Repository.Example("storefront.yaml"), "-o", "json");

        using var json = JsonDocument.Parse(run.Out);
        var told = Assert.Single(json.RootElement.GetProperty("conclusions").EnumerateArray());
        Assert.Equal(("Proven", "web/storefront"),
            (told.GetProperty("verdict").GetString(), told.GetProperty("subject").GetString()));
        Assert.Contains($"proven: web/storefront as {told.GetProperty("digest").GetString()}", text.Out,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_odd_about_documents_beside_each_other_is_told_and_not_refused()
    {
        var policy = await File.ReadAllTextAsync(Repository.Example("storefront.yaml"));
        var rival = policy.Replace("  name: storefront\n", "  name: rival\n", StringComparison.Ordinal);
        var routes = (await File.ReadAllTextAsync(Repository.Example("personal-routes.yaml")))
            .Replace("[www.example.com]", "[ww.example.com]", StringComparison.Ordinal);

        var run = await CliRun.WithInputAsync($"{policy}\n---\n{rival}\n---\n{routes}", "verify", "-f", "-");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("warning[host/shared]: host `www.example.com` is of policy `storefront` as well", run.Out,
            StringComparison.Ordinal);
        Assert.Contains("warning[routes/bind-nothing]: no policy of namespace `web` has one of these hosts", run.Out,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("service: {name: storefront-entry, port: 80}", "ingress: {name: storefront}",
        "error[entrypoint/unsupported]", 1)]
    [InlineData("service: {name: storefront-entry, port: 80}", "httpRoute: {name: storefront}",
        "error[entrypoint/unsupported]", 1)]
    [InlineData("path: /account", "path: /account/*/x", "error[route/literal-pattern]", 1)]
    [InlineData("  personal:", "  guard: {sample: 0.5}\n  personal:", "warning[policy/not-yet]", 0)]
    [InlineData("  personal:", "  guard: {onLeak: Quarantine}\n  personal:",
        "warning[policy/not-yet]: `Quarantine`", 0)]
    public async Task What_the_cluster_says_of_the_document_alone_is_said_here(
        string written, string instead, string told, int exitCode)
    {
        var text = (await File.ReadAllTextAsync(Repository.Example("storefront.yaml")))
            .Replace(written, instead, StringComparison.Ordinal);

        var run = await CliRun.WithInputAsync(text, "verify", "-f", "-");

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(told, run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_mistake_of_2018_is_refuted_with_a_request_to_my_page()
    {
        foreach (var example in new[] { "mistake-of-2018.yaml", "mistake-regex.yaml" })
        {
            var run = await CliRun.OfAsync("verify", "-f", Repository.Example(example), "-o", "json");

            Assert.Equal(1, run.ExitCode);
            using var json = JsonDocument.Parse(run.Out);
            Assert.Equal("Refuted", json.RootElement.GetProperty("verdict").GetString());
            var told = Assert.Single(json.RootElement.GetProperty("diagnostics").EnumerateArray(),
                d => d.GetProperty("severity").GetString() == "Error");
            Assert.Equal("personal/cacheable", told.GetProperty("code").GetString());
            Assert.StartsWith("/mypage", told.GetProperty("witness").GetProperty("target").GetString(),
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_examples_are_proven_as_their_comments_say()
    {
        var run = await CliRun.OfAsync("verify", "-f", Repository.Example("storefront.yaml"), "-f",
            Repository.Example("personal-routes.yaml"));

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    [Theory]
    [InlineData("redirects.yaml")]
    [InlineData("responses.yaml")]
    [InlineData("origins.yaml")]
    public async Task An_example_is_proven(string example)
    {
        var run = await CliRun.OfAsync("verify", "-f", Repository.Example(example));

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task JSON_has_these_fields_and_no_other()
    {
        var run = await CliRun.OfAsync("verify", "-f", Repository.Example("mistake-of-2018.yaml"), "-o", "json");

        using var json = JsonDocument.Parse(run.Out);
        Assert.Equal(["verdict", "diagnostics", "conclusions", "edit", "assumptions"], Names(json.RootElement));
        var told = json.RootElement.GetProperty("diagnostics")[0];
        Assert.Equal(["code", "severity", "path", "message", "help", "witness", "place", "trace"], Names(told));
        Assert.Equal(["method", "target", "headers", "response"], Names(told.GetProperty("witness")));
    }

    [Theory]
    [InlineData(new byte[] { 0xC3, 0x28 })]
    [InlineData(new byte[] { 0xFF, 0xFE, 0x00 })]
    [InlineData(new byte[] { 0x00 })]
    [InlineData(new byte[0])]
    public async Task Input_that_is_no_text_ends_with_2(byte[] bytes)
    {
        var run = await CliRun.OfAsync(bytes, [], ["verify", "-f", "-"]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("error[", run.Error, StringComparison.Ordinal);
        Assert.Contains("help:", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_megabyte_of_YAML_is_told_within_the_bounds_of_work()
    {
        // Each ends at a bound (bytes, values, depth, diagnostics) that stands for the second; none asserts on the
        // clock.
        var hostile = new (string Name, string Text)[]
        {
            ("long text", $"a: \"{new string('x', 1_000_000)}\"\n"),
            ("many fields", string.Concat(Enumerable.Range(0, 100_000).Select(i => $"a{i}: 1\n"))),
            ("many lists", "a: [" + new string('[', 500_000)),
            ("many documents", string.Concat(Enumerable.Repeat("---\na: b\n", 100_000))),
            ("many rules that are wrong", Good + string.Concat(Enumerable.Repeat("    - {nmae: a}\n", 60_000))),
            ("two megabytes and more", new string(' ', 3_000_000)),
        };
        foreach (var (name, text) in hostile)
        {
            var run = await CliRun.WithInputAsync(text, "verify", "-f", "-");

            Assert.True(run.ExitCode is 1 or 2, name);
            Assert.True(run.Out.Length + run.Error.Length is > 0 and < 200_000, name);
        }
    }

    [Fact]
    public async Task A_thousand_rules_are_proven()
    {
        var rules = string.Concat(Enumerable.Range(0, 1_000)
            .Select(i => $"    - {{name: r{i}, match: {{pathPrefix: /p{i}}}, cache: {{ttl: 1m}}}}\n"));

        var run = await CliRun.WithInputAsync(Good + rules, "verify", "-f", "-");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    [Theory]
    [InlineData("^(a+)+$")]
    [InlineData("^(([a-z]{1,200}){1,200}){1,200}$")]
    [InlineData("(a|aa)*(a|aa)*(a|aa)*(a|aa)*b")]
    public async Task A_regex_that_explodes_ends_in_a_verdict(string regex)
    {
        var run = await CliRun.WithInputAsync(Good.Replace("^/funds(/[0-9]+)?$", regex, StringComparison.Ordinal),
            "verify", "-f", "-", "-o", "json");

        Assert.True(run.ExitCode is 0 or 1, run.Error);
        using var json = JsonDocument.Parse(run.Out);
    }

    [Fact]
    public async Task Escape_sequences_of_a_file_do_not_reach_the_terminal()
    {
        var run = await CliRun.WithInputAsync(
            Good.Replace("name: assets", "name: \"\\e]0;owned\\a\"", StringComparison.Ordinal), "verify", "-f", "-");

        Assert.Equal(1, run.ExitCode);
        Assert.DoesNotContain('\e', run.Out + run.Error);
    }

    [Fact]
    public async Task Colour_is_for_a_terminal_only()
    {
        string[] args = ["verify", "-f", Repository.Example("mistake-of-2018.yaml")];

        Assert.DoesNotContain('\e', (await CliRun.OfAsync([], [], args)).Out);
        Assert.Contains("\e[1;31m", (await CliRun.OfAsync([], [], args, colour: true)).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_is_all_of_its_documents()
    {
        var directory = Directory.CreateTempSubdirectory();
        File.Copy(Repository.Example("storefront.yaml"), Path.Combine(directory.FullName, "a.yaml"));
        File.Copy(Repository.Example("personal-routes.yaml"), Path.Combine(directory.FullName, "b.yml"));
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "notes.txt"), "a: [");

        var run = await CliRun.OfAsync("verify", "-f", directory.FullName);

        directory.Delete(recursive: true);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task A_list_as_kubectl_writes_it_is_taken_apart()
    {
        var items = string.Join('\n',
            Good.Split('\n').Where(l => !l.StartsWith('#')).Select((l, i) => i == 0 ? $"- {l}" : $"  {l}"));

        var run = await CliRun.WithInputAsync($"apiVersion: v1\nkind: List\nitems:\n{items}", "verify", "-f", "-");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task A_namespace_is_given_to_documents_that_name_none()
    {
        var run = await CliRun.WithInputAsync(Good.Replace("  namespace: web\n", "", StringComparison.Ordinal),
            "verify", "-f", "-", "-n", "shop");

        Assert.Contains("proven: shop/storefront", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_program_itself_reads_a_pipe_and_ends_with_the_code()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "cachepolicy");
        foreach (var (example, exitCode, said) in new[] { ("storefront.yaml", 0, "proven: web/storefront"),
            ("mistake-of-2018.yaml", 1, "GET /mypage") })
        {
            using var process = Process.Start(new ProcessStartInfo(program, ["verify", "-f", "-"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
            await process.StandardInput.WriteAsync(await File.ReadAllTextAsync(Repository.Example(example)));
            process.StandardInput.Close();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();

            Assert.Equal(exitCode, process.ExitCode);
            Assert.Contains(said, output, StringComparison.Ordinal);
            Assert.DoesNotContain('\e', output);
        }

        var usage = await ChildProcess.RunAsync(new ChildProcessOptions(program, ["verify"]), CancellationToken.None);
        Assert.Equal(2, usage.ExitCode);
        var help =
            await ChildProcess.RunAsync(new ChildProcessOptions(program, ["verify", "--help"]), CancellationToken.None);
        Assert.Equal(0, help.ExitCode);
        Assert.Contains("cachepolicy verify -f policy.yaml", help.Text, StringComparison.Ordinal);
        Assert.Contains("Exit code: 0", help.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_rendered_is_what_was_proven()
    {
        var verified = await CliRun.OfAsync("verify", "-f", Repository.Example("storefront.yaml"));
        var rendered = await CliRun.OfAsync("render", "-f", Repository.Example("storefront.yaml"));

        var digest = Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(rendered.Out)));
        Assert.Equal(0, rendered.ExitCode);
        Assert.Contains($"sha256:{digest}", verified.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rendered_VCL_names_the_origin_that_was_given()
    {
        var run =
            await CliRun.OfAsync("render", "-f", Repository.Example("storefront.yaml"), "--origin", "127.0.0.1:8081");

        Assert.Contains("\"127.0.0.1\"", run.Out, StringComparison.Ordinal);
        Assert.Contains("\"8081\"", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rendered_VCL_names_each_origin_where_it_was_given()
    {
        string[] render = ["render", "-f", Repository.Example("origins.yaml"), "--origin", "127.0.0.1:8081"];
        var run = await CliRun.OfAsync([.. render, "--origin", "api=127.0.0.2:8082"]);
        var unknown = await CliRun.OfAsync([.. render, "--origin", "apis=127.0.0.2:8082"]);

        Assert.Contains("backend origin {\n    .host = \"127.0.0.1\";\n    .port = \"8081\";", run.Out,
            StringComparison.Ordinal);
        Assert.Contains("backend origin_api {\n    .host = \"127.0.0.2\";\n    .port = \"8082\";", run.Out,
            StringComparison.Ordinal);
        Assert.Contains("backend origin_search {\n    .host = \"search.web.svc\";\n    .port = \"80\";", run.Out,
            StringComparison.Ordinal);
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("has no origin `apis`", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_that_goes_away_is_no_crash_and_no_proof()
    {
        var terminal =
            new Terminal(() => Stream.Null, new ClosedPipe(), TextWriter.Null, false, _ => null, TimeProvider.System);

        var exitCode = await new CommandLine(terminal)
            .InvokeAsync(["verify", "-f", Repository.Example("storefront.yaml")], CancellationToken.None);

        Assert.Equal(1, exitCode);
    }

    private sealed class ClosedPipe : StringWriter
    {
        public override void Write(char[] buffer, int index, int count) => throw new IOException("Broken pipe");

        public override void Write(string? value) => throw new IOException("Broken pipe");

        public override void Write(char value) => throw new IOException("Broken pipe");
    }

    private static string[] Names(JsonElement element) => [.. element.EnumerateObject().Select(p => p.Name)];
}
