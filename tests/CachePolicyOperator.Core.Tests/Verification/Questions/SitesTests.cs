using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Core.Tests.Verification.Questions;

/// <summary>
/// Whole VCLs in the manner of real sites: the verdicts of the table in <c>Fixtures/Sites/README.md</c>.
/// </summary>
[Trait("Category", "Slow")]
public sealed class SitesTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Fixtures", "Sites");

    private static readonly (string Name, VerdictKind Verdict)[] Rows = [
        .. File.ReadLines(Path.Combine(Folder, "README.md"))
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1)
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .Select(cells => (cells[1], Enum.Parse<VerdictKind>(cells[2])))];

    public static TheoryData<string, VerdictKind> All
    {
        get
        {
            var all = new TheoryData<string, VerdictKind>();
            foreach (var (name, verdict) in Rows)
            {
                all.Add(name, verdict);
            }

            return all;
        }
    }

    [Fact]
    public void The_table_has_every_file() => Assert.Equal(
        Directory.EnumerateFiles(Folder, "*.vcl").Select(Path.GetFileNameWithoutExtension)
            .Order(StringComparer.Ordinal),
        Rows.Select(row => row.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(All))]
    public void Is_as_the_table_says(string name, VerdictKind verdict)
    {
        var text = File.ReadAllText(Path.Combine(Folder, $"{name}.vcl"));

        var found = VclVerifier.Verify(VclParser.Parse($"{name}.vcl", text), QuestionOf(text));

        Assert.Equal(verdict, found.Kind);
        Assert.False(verdict == VerdictKind.Proven && name.EndsWith(".leaking", StringComparison.Ordinal), "it leaks");
    }

    // The first line of a file says what is asked: `# personal: /a /b; cookie: c; header: h; profile: p`.
    private static VclQuestion QuestionOf(string text)
    {
        var said = text.Split('\n')[0].TrimStart('#').Split(';').Select(part => part.Split(':', 2))
            .ToDictionary(part => part[0].Trim(), part => part[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return new VclQuestion(
            PersonalLanguage.Of(said["personal"].Select(path => new PathPrefix(path)), said["profile"]),
            new IdentityCarriers([.. said["cookie"]],
                [.. said.GetValueOrDefault("header", []).Select(h => h.ToLowerInvariant())], []),
            EngineVersion.Default, Strict: false);
    }
}
