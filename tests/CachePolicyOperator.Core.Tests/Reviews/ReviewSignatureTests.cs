using CachePolicyOperator.Core.Reviews;

namespace CachePolicyOperator.Core.Tests.Reviews;

public sealed class ReviewSignatureTests
{
    [Fact]
    public void It_is_the_bytes_that_the_text_stands_for()
    {
        Assert.Equal([1, 2, 3], ReviewSignature.Read("auditor", "AQID")!.Value.ToArray());
        Assert.Equal(ReviewSignature.Read("auditor", "AQID"), ReviewSignature.Read("auditor", " AQ ID "));
        Assert.NotEqual(ReviewSignature.Read("auditor", "AQID"), ReviewSignature.Read("other", "AQID"));
    }

    [Theory]
    [InlineData("AQI")]
    [InlineData("=AQI")]
    public void What_is_no_Base64_is_none(string text) => Assert.Null(ReviewSignature.Read("auditor", text));
}
