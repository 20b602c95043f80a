namespace CachePolicyOperator.Oracle.Generate;

/// <content>Conditions and strings.</content>
internal sealed partial class VclGenerator
{
    private string Condition(string owner, int depth)
    {
        if (owner == "resp")
        {
            return dice.Of("resp.http.X-R", "resp.http.X-R ~ \"a\"", "resp.status == 503", "resp.http.Set-Cookie",
                "!resp.http.Cache-Control", "resp.http.X-R == \"\"");
        }

        switch (depth > 0 ? dice.Below(8) : 7)
        {
            case 0:
                return $"({Condition(owner, depth - 1)}) && ({Condition(owner, depth - 1)})";
            case 1:
                return $"({Condition(owner, depth - 1)}) || ({Condition(owner, depth - 1)})";
            case 2:
                return $"!({Condition(owner, depth - 1)})";
            default:
                return owner == "beresp" && !dice.OneIn(4) ? ResponseTest()
                    : RequestTest(owner == "beresp" ? "bereq" : owner);
        }
    }

    private string ResponseTest()
    {
        var field = $"beresp.http.{dice.Of(VclWords.ResponseFields)}";
        return dice.Below(7) switch
        {
            0 => field,
            1 => $"!{field}",
            2 => $"{field} ~ {Quoted(dice.Of("private", "(?i)no-store|private", "^$", "a", "[*]", "(?i)cookie"))}",
            3 => $"beresp.status {dice.Of("==", "!=", ">=")} {dice.Of("200", "404", "500")}",
            4 => $"beresp.ttl {dice.Of("<=", ">", "<")} {dice.Of("0s", "10s")}",
            5 => $"{field} {dice.Of("==", "!=")} {Quoted(dice.Of("", "*", "private"))}",
            _ => dice.Of("bereq.uncacheable", "beresp.uncacheable", "bereq.retries == 0", "bereq.is_bgfetch",
                "bereq.retries"),
        };
    }

    private string RequestTest(string owner)
    {
        if (_hasCookies && dice.OneIn(4))
        {
            return CookieTest();
        }

        var name = dice.Of(VclWords.Fields);
        var field = $"{owner}.http.{name}";
        var compare = dice.Of("==", "!=");
        return dice.Below(14) switch
        {
            0 => field,
            1 => $"!{field}",
            2 => $"{field} {dice.Of("~", "!~")} "
                + $"{Quoted(dice.Of(name == "Cookie" ? VclWords.CookiePatterns : VclWords.FieldPatterns))}",
            3 => $"{owner}.http.Cookie {dice.Of("~", "!~")} {Quoted(dice.Of(VclWords.CookiePatterns))}",
            4 => $"{field} {compare} {Quoted(dice.Of(VclWords.Words))}",
            5 => $"{owner}.url {compare} {Quoted(dice.Of("/account", "/static/a.css", "*", "/"))}",
            6 => $"{owner}.method {compare} \"{dice.Of("GET", "HEAD", "POST")}\"",
            7 => $"{Text(owner, 1)} {dice.Of("~", "!~")} {Quoted(dice.Of(VclWords.FieldPatterns))}",
            8 => $"{field} {compare} {owner}.http.{dice.Of(VclWords.Fields)}",
            9 => owner == "req"
                ? dice.Of("req.restarts == 0", "req.restarts > 0", "req.esi_level == 0", "client.ip == \"127.0.0.1\"",
                "req.is_hitmiss", "req.restarts") : "bereq.retries == 0",
            10 when dice.OneIn(2) =>
                $"{dice.Of($"std.querysort({field})", $"{field}.lower()", $"std.toupper({field})", Text(owner, 2))} "
                    + $"{compare} {Quoted(dice.Of(VclWords.Words))}",
            10 => $"regsub({field}, {Substitution(VclWords.FieldSubstitutions)}) {compare} "
                + $"{Quoted(dice.Of(VclWords.Words))}",
            _ => $"{owner}.url {dice.Of("~", "~", "!~")} {Quoted(dice.Of(VclWords.TargetPatterns))}",
        };
    }

    private string TargetText(string owner) => dice.Below(6) switch
    {
        0 => Quoted(dice.Of("/account", "/x", "/static/a.css")),
        1 => $"{owner}.url + {Quoted(dice.Of("?v=1", "/", "x"))}",
        2 => $"std.{dice.Of("tolower", "toupper", "querysort")}({owner}.url)",
        3 => $"{Quoted("/p")} + {owner}.url",
        _ => $"regsub({owner}.url, {Substitution(VclWords.TargetSubstitutions)})",
    };

    private string Text(string owner, int depth)
    {
        if (_hasCookies && dice.OneIn(5))
        {
            return CookieText();
        }

        var from = owner == "beresp" && dice.OneIn(2) ? "beresp" : owner == "beresp" ? "bereq" : owner;
        var field = from == "beresp" ? $"beresp.http.{dice.Of(VclWords.ResponseFields)}"
            : $"{from}.http.{dice.Of(VclWords.Fields)}";
        return (depth > 0 ? dice.Below(10) : dice.Below(4)) switch
        {
            0 or 1 => field,
            2 => Quoted(dice.Of(VclWords.Words)),
            3 => from == "beresp" ? field : $"{from}.{dice.Of("url", "url", "method")}",
            4 => $"{Text(owner, depth - 1)} + {Text(owner, depth - 1)}",
            5 => $"std.{dice.Of("tolower", "toupper")}({Text(owner, depth - 1)})",
            6 => $"regsuball({field}, {Substitution(VclWords.FieldSubstitutions)})",
            7 => $"{field}.{dice.Of("lower", "upper")}()",
            _ => $"regsub({field}, {Substitution(VclWords.FieldSubstitutions)})",
        };
    }

    private string Substitution((string Pattern, string Replacement)[] choices)
    {
        var (pattern, replacement) = dice.Of(choices);
        return $"{Quoted(pattern)}, {Quoted(replacement)}";
    }
}
