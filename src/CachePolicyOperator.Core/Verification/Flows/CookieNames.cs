using System.Text.RegularExpressions;
using CachePolicyOperator.Core.Routes.Origins;

namespace CachePolicyOperator.Core.Verification.Flows;

/// <summary>How clients may spell the name of an identity cookie, so that an origin reads it as that.</summary>
internal static class CookieNames
{
    // Names are compared without case.
    private static readonly string[] AnyCase = [OriginProfiles.Strict, "aspnetcore", "aspnet-webforms", "iis"];

    // PHP makes one character of these.
    private static readonly string[] Marks =
        [OriginProfiles.Strict, "php", "apache", "nginx", "wordpress", "drupal7", "symfony", "openlitespeed"];

    /// <summary>
    /// A pattern of values of <c>Cookie</c> with one of the names, up to its <c>=</c>. Python and JavaScript strip the
    /// last two blanks as well.
    /// </summary>
    public static string AmongOthers(VclQuestion question) =>
        $@"(?:^|[;, \t\x85\xa0])(?:{PatternOf(question)})[ \t\x85\xa0]*=";

    /// <summary>One name after the other, as a pattern of VCL and of .NET.</summary>
    public static string PatternOf(VclQuestion question)
    {
        var names = string.Join('|', question.Identity.Cookies.Items.Select(name => string.Join(
            question.Personal.Profiles.Items.Any(Marks.Contains) ? "[_. \\[]"
                : "_", name.Split('_').Select(Regex.Escape))));
        return question.Personal.Profiles.Items.Any(AnyCase.Contains) ? $"(?i:{names})" : names;
    }
}
