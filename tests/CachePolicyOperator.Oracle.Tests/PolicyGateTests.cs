using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Oracle.Fuzz;
using CachePolicyOperator.Oracle.Generate;

namespace CachePolicyOperator.Oracle.Tests;

/// <summary>
/// Random policies of every construct are proven from the text that they become, or held with a reason that a person
/// can act on. What the proof of a text is too small for is few, and says so.
/// </summary>
public sealed class PolicyGateTests
{
    [Fact]
    public void Each_of_a_few_policies_is_proven_from_its_text_or_held_with_a_reason() => AskOf(seed: 1, policies: 24);

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Each_of_sixty_policies_is_proven_from_its_text_or_held_with_a_reason(int seed) =>
        AskOf(seed, policies: 60);

    private static void AskOf(int seed, int policies)
    {
        var (proven, tooComplex) = (0, 0);
        for (var number = 0; number < policies; number++)
        {
            var policy = new PolicyGenerator(new Dice((ulong)((seed * 1000) + number))).Next().ToJsonString();
            var gate = PolicyGate.Of(policy);

            Assert.False(gate.DisagreesWithItsText, $"{string.Join('\n', gate.Told)}\n{policy}");
            Assert.True(gate.Text is not null || IsExplained(gate), $"{string.Join('\n', gate.Told)}\n{policy}");
            proven += gate.Text is null || gate.IsTooComplex ? 0 : 1;
            tooComplex += gate.IsTooComplex ? 1 : 0;
        }

        Assert.InRange(proven, policies / 3, policies - 1);
        Assert.InRange(tooComplex, 0, policies / 6);
    }

    private static bool IsExplained(PolicyGate gate) =>
        gate.Told.Where(d => d.Severity == Severity.Error).ToArray() is { Length: > 0 } errors
        && errors.All(d => d.Path.Length > 0 && d.Message.Length > 0 && d.Help is { Length: > 0 });
}
