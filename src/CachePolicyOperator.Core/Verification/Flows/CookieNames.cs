using System.Text.RegularExpressions;
using CachePolicyOperator.Core.Routes.Origins;

namespace CachePolicyOperator.Core.Verification.Flows;

/// <summary>How clients may spell the name of an identity cookie, so that an origin reads it as that.</summary>
internal static class CookieNames
{
    /// <summary>
    /// A pattern of values of <c>Cookie</c> with one of the names, up to its <c>=</c>. Python and JavaScript strip the
    /// last two blanks as well.
    /// </summary>
    public static string AmongOthers(VclQuestion question) =>
        $@"(?:^|[;, \t\x85\xa0])(?:{PatternOf(question)})[ \t\x85\xa0]*=";

    /// <summary>The same as browsers send what an origin gave them: the names as they are declared.</summary>
    public static string AsBrowsersSend(VclQuestion question) => AsBrowsersSend(question, ";");

    /// <summary>The same where a comma may stand between two lines.</summary>
    public static string AsBrowsersSendInLines(VclQuestion question) => AsBrowsersSend(question, "[;,]");

    private static string AsBrowsersSend(VclQuestion question, string separator) =>
        $@"(?:^|{separator} *)(?:{string.Join('|', question.Identity.Cookies.Items.Select(Declared))})=[^;, \t]";

    private static string Declared(string name) => name.EndsWith('*')
        ? Regex.Escape(name[..^1]) + @"[^=;, \t]*"
        : Regex.Escape(name);

    /// <summary>One name after the other, as a pattern of VCL and of .NET.</summary>
    public static string PatternOf(VclQuestion question) =>
        CookieNamePattern.Of(question.Identity.Cookies, question.Personal.Profiles);
}
