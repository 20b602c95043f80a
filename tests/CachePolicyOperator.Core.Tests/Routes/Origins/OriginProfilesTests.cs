using CachePolicyOperator.Core.Routes.Origins;

namespace CachePolicyOperator.Core.Tests.Routes.Origins;

public sealed class OriginProfilesTests
{
    // A new profile gets a row here, and so somebody who has thought of how it reads cookies.
    private static readonly Dictionary<string, CookieNaming> Namings = new(StringComparer.Ordinal)
    {
        ["strict"] = CookieNaming.Any,
        ["php"] = CookieNaming.OfPhp,
        ["apache"] = CookieNaming.OfPhp,
        ["nginx"] = CookieNaming.OfPhp,
        ["wordpress"] = CookieNaming.OfPhp,
        ["drupal7"] = CookieNaming.OfPhp,
        ["symfony"] = CookieNaming.OfPhp,
        ["openlitespeed"] = CookieNaming.OfPhp,
        ["iis"] = CookieNaming.AnyCase,
        ["aspnet-webforms"] = CookieNaming.AnyCase,
        ["aspnetcore"] = CookieNaming.AnyCase,
        ["rails"] = CookieNaming.AsWritten,
        ["django"] = CookieNaming.AsWritten,
        ["flask"] = CookieNaming.AsWritten,
        ["express"] = CookieNaming.AsWritten,
        ["nextjs"] = CookieNaming.AsWritten,
        ["spring5"] = CookieNaming.AsWritten,
        ["spring6"] = CookieNaming.AsWritten,
        ["tomcat"] = CookieNaming.AsWritten,
        ["jetty"] = CookieNaming.AsWritten,
        ["go"] = CookieNaming.AsWritten,
        ["object-storage"] = CookieNaming.AsWritten,
    };

    [Fact]
    public void Every_profile_says_how_it_reads_the_names_of_cookies() =>
        Assert.Equal(
            Namings.OrderBy(n => n.Key, StringComparer.Ordinal).Select(n => (n.Key, n.Value)),
            OriginProfiles.Ids.Order(StringComparer.Ordinal).Select(id => (id, OriginProfiles.Find(id)!.Cookies)));

    [Fact]
    public void A_profile_that_says_nothing_of_cookies_cannot_be_made() =>
        Assert.Throws<ArgumentNullException>(() => new OriginProfile("new", "says nothing of cookies", null!, [], []));

    [Fact]
    public void A_profile_that_runs_scripts_as_PHP_does_reads_cookies_as_PHP_does() =>
        Assert.All(
            OriginProfiles.Ids.Select(id => OriginProfiles.Find(id)!)
                .Where(p => p.Steps.Items.Any(s => s.Behavior == OriginBehaviors.ScriptPrefix)),
            p => Assert.True(p.Cookies.MakesMarksOne, p.Id));
}
