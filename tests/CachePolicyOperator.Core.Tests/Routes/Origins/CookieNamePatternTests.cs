using CachePolicyOperator.Core.Routes.Origins;

namespace CachePolicyOperator.Core.Tests.Routes.Origins;

public class CookieNamePatternTests
{
    [Theory]
    [InlineData("session_id", "go", "session_id", true)]
    [InlineData("session_id", "go", "Session_id", false)]
    [InlineData("session_id", "go", "session.id", false)]
    [InlineData("session_id", "php", "session.id", true)]
    [InlineData("session_id", "php", "session[id", true)]
    [InlineData("session_id", "php", "SESSION_ID", false)]
    [InlineData("session_id", "aspnet-webforms", "SESSION_ID", true)]
    [InlineData("session_id", "aspnet-webforms", "session.id", false)]
    [InlineData("session_id", "strict", "SESSION.ID", true)]
    [InlineData("basket_*", "go", "basket_", true)]
    [InlineData("basket_*", "go", "basket_a, b", true)]
    [InlineData("basket_*", "go", "basket_a;b", false)]
    [InlineData("basket_*", "go", "basket_a=b", false)]
    [InlineData("a.b", "go", "axb", false)]
    public void It_has_every_spelling_that_the_origin_reads_as_the_name(
        string name, string profile, string spelled, bool fits) =>
        Assert.Equal(fits,
            System.Text.RegularExpressions.Regex.IsMatch(spelled, $"^(?:{CookieNamePattern.Of([name], [profile])})$"));

    [Fact]
    public void Of_several_origins_the_spellings_of_all_are_had() =>
        Assert.Matches($"^(?:{CookieNamePattern.Of(["a", "session_id"], ["php", "aspnet-webforms"])})$", "SESSION.ID");
}
