using CachePolicyOperator.Oracle.Fuzz;

namespace CachePolicyOperator.Oracle.Generate;

/// <content>
/// Fields of the VCL's own: written differently on two ways, then edited on some ways of later subroutines that need
/// not read them, stashed and restored, taken from answers before a restart or a retry. A proof that walks alike ways
/// together must keep what each of them holds. </content>
internal sealed partial class VclGenerator
{
    private static readonly string[] OwnFields = ["X-A", "X-A", "X-B", "X-C"];

    private bool _hasOwn;

    /// <summary>A VCL of nothing but such edits, and of no rewrites.</summary>
    public string NextOfOwn()
    {
        _text.Clear();
        _hasOwn = true;
        _hasCookies = dice.OneIn(3);
        Line("vcl 4.1;");
        if (_hasCookies)
        {
            Line("import cookie;");
        }

        Line($"backend default {{ .host = \"127.0.0.1\"; .port = \"{Case.Port}\"; }}");
        Sub("vcl_recv", () =>
        {
            Own("req");
            Own("req");
            Line("""if (req.url ~ "^/account") { return (pass); }""");
            Line("return (hash);");
        });
        Maybe(2, "vcl_hash", () => Own("req"));
        Maybe(2, "vcl_miss", () => Own("req"));
        Maybe(4, "vcl_hit", () => Own("req"));
        Maybe(3, "vcl_deliver", () => OwnAgain("resp", "req", "req.restarts", "restart"));
        Maybe(2, "vcl_backend_fetch", () => Own("bereq"));
        Maybe(3, "vcl_backend_response", () => OwnAgain("beresp", "bereq", "bereq.retries", "retry"));
        return _text.ToString();
    }

    private void Own(string owner)
    {
        for (var i = _hasOwn ? 1 + dice.Below(2) : 0; i > 0; i--)
        {
            Cookies(owner);
            var field = $"{owner}.http.{dice.Of(OwnFields)}";
            if (dice.OneIn(4))
            {
                Line(OwnEdit(owner, field));
                continue;
            }

            If(() => Line(OwnEdit(owner, field)), dice.OneIn(3) ? () => Line(OwnEdit(owner, field)) : null,
                OwnTest(owner));
        }
    }

    // What a round or a try leaves to the next one.
    private void OwnAgain(string answer, string asked, string counter, string action)
    {
        if (!_hasOwn || !dice.OneIn(2))
        {
            return;
        }

        var field = $"{asked}.http.{dice.Of(OwnFields)}";
        Line($"if ({counter} == 0) {{");
        Indented(() =>
        {
            Line(dice.Of($"set {field} = {answer}.http.X-R;", $"if ({answer}.http.X-R) {{ {OwnEdit(asked, field)} }}",
                $"if ({answer}.status == 200) {{ unset {field}; }}"));
            Line($"return ({action});");
        });
        Line("}");
    }

    private string OwnEdit(string owner, string field) => dice.Below(_hasCookies ? 9 : 7) switch
    {
        7 or 8 => $"set {field} = {CookieText()};",
        0 or 1 => $"unset {field};",
        2 => $"set {field} = {owner}.http.{dice.Of(OwnFields)};",
        3 => $"set {field} = {owner}.http.Cookie;",
        4 => $"set {owner}.http.Cookie = {field};",
        _ => $"set {field} = \"{dice.Of("one", "one", "two")}\";",
    };

    private string OwnTest(string owner) => dice.Below(6) switch
    {
        0 or 1 => $"{owner}.http.Cookie ~ {Quoted(dice.Of(VclWords.CookiePatterns))}",
        2 => _hasCookies ? CookieTest() : $"{owner}.http.{dice.Of("X-A", "X-B", "Authorization", "User-Agent")}",
        3 => owner == "req" ? "req.restarts == 0" : "bereq.retries == 0",
        _ => $"{owner}.url ~ {Quoted(dice.Of(VclWords.TargetPatterns))}",
    };

    private void If(Action then, Action? otherwise, string condition)
    {
        Line($"if ({condition}) {{");
        Indented(then);
        if (otherwise is not null)
        {
            Line("} else {");
            Indented(otherwise);
        }

        Line("}");
    }
}
