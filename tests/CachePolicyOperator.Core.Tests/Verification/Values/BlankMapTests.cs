using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Tests.Verification.Values;

public sealed class BlankMapTests
{
    /// <summary>Only what surely begins with no blank is read as it was written.</summary>
    [Theory]
    [InlineData(true, "x", "x y")]
    [InlineData(false, "x", " x")]
    [InlineData(false, "\tx")]
    public void What_was_written_is_known_where_no_blank_is_before_it(bool isKnown, params string[] values)
    {
        var budget = Budget.ForProof();
        var written = new MappedText(new InputText(Input.Url), new Regexes(budget).MapOf("a", "", all: false)!);
        var reading = values.Select(v => Language.Literal(v)).Aggregate((a, b) => a.Union(b, budget));

        Assert.Equal(isKnown ? written : null,
            BlankMap.Written(BlankMap.Trimmed(written), t => t == written ? reading : Language.Empty, budget));
    }
}
