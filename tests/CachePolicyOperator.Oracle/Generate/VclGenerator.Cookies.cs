namespace CachePolicyOperator.Oracle.Generate;

/// <content>
/// Vmod cookie: what one subroutine parses another one reads, behind a restart too; a fetch has cookies of its own.
/// </content>
internal sealed partial class VclGenerator
{
    private static readonly string[] CookieNames = ["session", "session", "lang", "lang", "a", "_ga", "b"];

    private static readonly string[] CookieLists = [
        "session", "lang", "session,lang", "a, _ga", "lang,,a ,b", "_ga,_gid", ""];

    private static readonly string[] CookieRegexes = [
        "^_", "^(session|lang)$", "s", "a|b", "^lang$", "(?i)^SESSION", "^$", "session[ \\t]*$"];

    private bool _hasCookies;

    private void Cookies(string owner)
    {
        if (_hasCookies && dice.OneIn(2))
        {
            Line(CookieCall(owner));
        }
    }

    private string CookieCall(string owner) => dice.Below(16) switch
    {
        0 or 1 or 2 or 3 => $"cookie.parse({owner}.http.Cookie);",
        4 => $"cookie.parse({dice.Of($"{owner}.http.X-A", "\"a=1; lang=fr\"", "\"\"", $"\"lang=en; \" + {owner}.http.Cookie")});",
        5 => $"cookie.delete({Quoted(dice.Of(CookieNames))});",
        6 => $"cookie.filter({Quoted(dice.Of(CookieLists))});",
        7 or 8 => $"cookie.keep({Quoted(dice.Of(CookieLists))});",
        9 => $"cookie.filter_re({Quoted(dice.Of(CookieRegexes))});",
        10 => $"cookie.keep_re({Quoted(dice.Of(CookieRegexes))});",
        11 => $"cookie.set({Quoted(dice.Of(CookieNames))}, {Quoted(dice.Of("1", "fr", "", "x y"))});",
        12 when dice.OneIn(3) =>
            dice.Of("cookie.clean();", $"cookie.set(\"lang\", {owner}.http.X-A);", $"cookie.delete({owner}.http.X-A);"),
        _ => $"set {owner}.http.{dice.Of("Cookie", "Cookie", "X-A")} = cookie.get_string();",
    };

    private string CookieTest() => dice.Below(8) switch
    {
        0 or 1 or 2 => $"cookie.isset({Quoted(dice.Of(CookieNames))})",
        3 => $"cookie.get({Quoted(dice.Of(CookieNames))}) {dice.Of("==", "!=")} {Quoted(dice.Of("1", "en", ""))}",
        4 => $"cookie.get({Quoted(dice.Of(CookieNames))}) {dice.Of("~", "!~")} "
            + $"{Quoted(dice.Of(VclWords.FieldPatterns))}",
        5 => $"cookie.get_string() {dice.Of("==", "!=")} {Quoted(dice.Of("", "session=1;"))}",
        6 => $"cookie.get_string() {dice.Of("~", "!~")} {Quoted(dice.Of(VclWords.CookiePatterns))}",
        _ => $"cookie.get_re({Quoted(dice.Of(CookieRegexes))}) {dice.Of("==", "!=")} {Quoted(dice.Of("1", "en", ""))}",
    };

    private string CookieText() => dice.Below(5) switch
    {
        0 => "cookie.get_string()",
        1 => $"cookie.get_re({Quoted(dice.Of(CookieRegexes))})",
        _ => $"cookie.get({Quoted(dice.Of(CookieNames))})",
    };
}
