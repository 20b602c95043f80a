using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Tests.Vcl;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Core.Tests.Verification.Leaks;

/// <summary>One row of <c>Fixtures/Leaks/README.md</c>: a VCL that leaks, and its repaired twin.</summary>
internal sealed record LeakFixture(string Name, string Code, string Profile, bool IsStrict)
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Fixtures", "Leaks");

    /// <summary>All rows of the table, in its order.</summary>
    public static IReadOnlyList<LeakFixture> All { get; } = [.. File.ReadLines(Path.Combine(Folder, "README.md"))
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1)
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .Select(cells => new LeakFixture(cells[1], cells[3], cells[4], cells[5] == "strict"))];

    public string Leaking => Read("leaking");

    public string Repaired => Read("repaired");

    public VclQuestion Question => new(
        PersonalLanguage.Of([new PathPrefix("/mypage"), new PathPrefix("/account"), new PathPrefix("/api/me")],
            [Profile]),
        new IdentityCarriers(["session"], ["X-Api-Key"], []),
        PlayedEngine.Version,
        IsStrict);

    public static LeakFixture Named(string name) => All.Single(f => f.Name == name);

    public Verdict Verify(string vcl) => Verify(vcl, PlayedEngine.Version);

    public Verdict Verify(string vcl, EngineVersion engine) =>
        VclVerifier.Verify(Parse(vcl), Question with { Engine = engine });

    public Verdict VerifyWithoutItsProperty(string vcl) => VclVerifier.VerifyWithout(Code, Parse(vcl), Question);

    private VclParse Parse(string vcl) => VclParser.Parse($"{Name}.vcl", vcl);

    private string Read(string twin) => File.ReadAllText(Path.Combine(Folder, $"{Name}.{twin}.vcl"));
}
