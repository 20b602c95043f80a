using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Cli.Tests.Documents;

/// <summary><c>cachepolicy doctor</c> sends people to the runbook, whichever condition is not well.</summary>
public sealed class RunbookTests
{
    public static TheoryData<string> Conditions =>
        [.. typeof(PolicyConditions).GetFields().Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!)];

    [Theory]
    [MemberData(nameof(Conditions))]
    public async Task The_runbook_says_what_to_do_about_a_condition(string condition) => Assert.Contains(
        $"\n| `{condition}` | ", await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "runbook.md")),
            StringComparison.Ordinal);
}
