using System.Text;
using CachePolicyOperator.Oracle.Fuzz;

namespace CachePolicyOperator.Oracle.Generate;

/// <summary>
/// Writes random VCL that varnishd takes: every statement that a proof follows, in every subroutine where it may stand.
/// </summary>
internal sealed partial class VclGenerator(Dice dice)
{
    private readonly StringBuilder _text = new();
    private readonly List<string> _helpers = [];
    private int _indent;
    private bool _mayCall;

    public string Next()
    {
        _text.Clear();
        _helpers.Clear();
        _mayCall = false;
        _hasOwn = dice.OneIn(2);
        _hasCookies = dice.OneIn(3);
        Line("vcl 4.1;");
        Line("import std;");
        if (_hasCookies)
        {
            Line("import cookie;");
        }

        Line($"backend default {{ .host = \"127.0.0.1\"; .port = \"{Case.Port}\"; }}");
        Helpers();
        Sub("vcl_recv", () => Recv());
        Maybe(3, "vcl_hash", Hash);
        Maybe(_hasOwn ? 2 : 4, "vcl_miss", () => Client(["fetch", "fetch", "pass", "synth(404)"]));
        Maybe(6, "vcl_hit", () => Client(["deliver", "deliver", "pass"]));
        Maybe(6, "vcl_pass", () => Client(["fetch"]));
        Maybe(_hasOwn ? 3 : 5, "vcl_deliver", Respond);
        Maybe(7, "vcl_synth", Respond);
        Maybe(_hasOwn ? 1 : 3, "vcl_backend_fetch", BackendFetch);
        Maybe(2, "vcl_backend_response", BackendResponse);
        Maybe(5, "vcl_backend_error", BackendError);
        Hooks();
        return _text.ToString();
    }

    private void Helpers()
    {
        for (var i = dice.Below(4) - 1; i > 0; i--)
        {
            var name = $"help_{i}";
            Sub(name, () => Statements(1 + dice.Below(3), 1, ["pass", "hash", "synth(403)"], 6, "req"));
            _helpers.Add(name);
        }

        // One that every subroutine of a client's request may call.
        Sub("help_any", () => Statements(1 + dice.Below(2), 1, ["fail"], 9, "req"));
        _mayCall = true;
    }

    private void Hooks()
    {
        foreach (var hook in (string[])["vcl_req_cookie", "vcl_req_authorization", "vcl_req_host", "vcl_req_method",
            "vcl_builtin_recv"])
        {
            if (dice.OneIn(6))
            {
                Sub(hook, () =>
                {
                    if (dice.OneIn(2))
                    {
                        If(1, "req", () => Line("return;"), null);
                    }
                    else
                    {
                        Line("return;");
                    }
                });
            }
        }

        foreach (var hook in (string[])["vcl_beresp_cookie", "vcl_beresp_control", "vcl_beresp_stale",
            "vcl_builtin_backend_fetch"])
        {
            if (dice.OneIn(8))
            {
                Sub(hook, () => Line("return;"));
            }
        }
    }

    private void Recv()
    {
        if (dice.OneIn(5))
        {
            Line("""std.collect(req.http.Cookie, "; ");""");
        }

        if (dice.OneIn(8))
        {
            Line("""if (req.method == "PURGE") { return (purge); }""");
        }

        Own("req");
        Cookies("req");
        Statements(2 + dice.Below(5), 2,
            ["hash", "hash", "hash", "pass", "pass", "synth(404)", "restart", "purge", "pipe"], 3, "req");
        // varnishd refuses a subroutine that nothing calls.
        foreach (var helper in _helpers.Append("help_any"))
        {
            Line($"call {helper};");
        }

        if (!dice.OneIn(3))
        {
            Line($"return ({dice.Of("hash", "hash", "hash", "pass")});");
        }
    }

    private void Hash()
    {
        for (var i = dice.Below(3); i >= 0; i--)
        {
            if (dice.OneIn(3))
            {
                If(1, "req", () => Line($"hash_data({Text("req", 2)});"), null);
            }
            else
            {
                Line($"hash_data({Text("req", 2)});");
            }
        }

        if (dice.OneIn(4))
        {
            Edit("req");
        }

        Own("req");
        if (dice.OneIn(3))
        {
            Line("return (lookup);");
        }
    }

    private void Client(string[] actions)
    {
        Own("req");
        Statements(dice.Below(3), 1, [.. actions, "restart"], 3, "req");
    }

    private void Respond()
    {
        OwnAgain("resp", "req", "req.restarts", "restart");
        if (dice.OneIn(2))
        {
            If(1, "resp", () => Branch(1, ["deliver", "restart", "restart"], 4, "req"), null);
        }

        Client(["deliver"]);
    }

    private void BackendError()
    {
        if (dice.OneIn(2))
        {
            Line($"set beresp.ttl = {dice.Of("10s", "1h", "0s")};");
        }

        if (dice.OneIn(2))
        {
            Edit("bereq");
        }

        Line(dice.Of("synthetic(\"sorry\");", "synthetic(\"sorry \" + bereq.http.Cookie);",
            "set beresp.http.X-R = bereq.url;", "set beresp.http.X-R = \"1\";"));
        Line(dice.Of("return (deliver);", "return (deliver);", "if (bereq.retries < 1) { return (retry); }",
            "if (bereq.retries == 0) { set bereq.http.X-A = \"again\"; return (retry); }"));
    }

    private void BackendFetch()
    {
        Own("bereq");
        Statements(dice.Below(3), 1,
            ["fetch", "fetch", "fetch", "abandon", "error(503)", "error(200)", "error(404, \"none\")"], 6, "bereq");
        if (dice.OneIn(3))
        {
            Line("return (fetch);");
        }
    }

    private void BackendResponse()
    {
        OwnAgain("beresp", "bereq", "bereq.retries", "retry");
        for (var i = dice.Below(4); i >= 0; i--)
        {
            If(1, "beresp", () => ResponseStatements(1 + dice.Below(2)), dice.OneIn(3) ? () => ResponseStatements(1)
                : null);
        }

        if (dice.OneIn(3))
        {
            ResponseStatements(2);
        }
    }

    private void ResponseStatements(int count)
    {
        for (var i = 0; i < count; i++)
        {
            switch (dice.Below(12))
            {
                case 0:
                    Line($"set beresp.ttl = {dice.Of("0s", "10s", "1h", "-1s", "1ms")};");
                    break;
                case 1:
                    Line($"set beresp.grace = {dice.Of("0s", "10s")};");
                    break;
                case 2 or 3:
                    Line($"set beresp.uncacheable = {dice.Of("true", "true", "true", "false")};");
                    break;
                case 4 or 5:
                    Line($"unset beresp.http.{dice.Of(VclWords.ResponseFields)};");
                    break;
                case 6:
                    Line($"set beresp.http.{dice.Of("X-R", "Vary", "Cache-Control", "X-S")} = {Text("beresp", 1)};");
                    break;
                case 7:
                    Edit("bereq");
                    break;
                case 8:
                    Line("if (bereq.retries < 1) { return (retry); }");
                    break;
                case 9:
                    Line($"return ({dice.Of("deliver", "deliver", "pass(10s)", "abandon", "error(502)")});");
                    return;
                case 10 when dice.OneIn(2):
                    Line("set beresp.do_esi = true;");
                    break;
                default:
                    Line("return (deliver);");
                    return;
            }
        }
    }

    private void Statements(int count, int depth, string[] actions, int returnsOneIn, string owner)
    {
        for (var i = 0; i < count; i++)
        {
            switch (dice.Below(8))
            {
                case 0 or 1 or 2 when depth > 0:
                    Action? otherwise = dice.OneIn(3) ? () =>
                        Statements(1, depth - 1, actions, returnsOneIn, owner) : null;
                    If(2, owner, () => Branch(depth, actions, returnsOneIn, owner), otherwise);
                    break;
                case 3 when owner == "req" && _mayCall:
                    Line("call help_any;");
                    break;
                default:
                    Edit(owner);
                    break;
            }
        }
    }

    private void Branch(int depth, string[] actions, int returnsOneIn, string owner)
    {
        Statements(dice.Below(2) + (dice.OneIn(2) ? 0 : 1), depth - 1, actions, returnsOneIn, owner);
        if (!dice.OneIn(returnsOneIn))
        {
            Return(dice.Of(actions));
        }
    }

    private void Return(string action)
    {
        if (action == "restart")
        {
            Line($"if (req.restarts < {1 + dice.Below(2)}) {{ return (restart); }}");
        }
        else
        {
            Line($"return ({action});");
        }
    }

    private void Edit(string owner)
    {
        if (_hasCookies && dice.OneIn(3))
        {
            Line(CookieCall(owner));
            return;
        }

        var field = $"{owner}.http.{dice.Of(VclWords.Fields)}";
        switch (dice.Below(14))
        {
            case 0 or 1 or 2:
                Line($"unset {field};");
                break;
            case 3 or 4 or 5:
                Line($"set {field} = {Text(owner, 2)};");
                break;
            case 6 or 7:
                Line($"set {owner}.url = {TargetText(owner)};");
                break;
            case 8:
                Line($"set {owner}.url = regsuball({owner}.url, {Substitution(VclWords.TargetSubstitutions)});");
                break;
            case 9:
                Line($"set {field} = regsuball({field}, {Substitution(VclWords.FieldSubstitutions)});");
                break;
            case 10 when owner == "req":
                // A call of vmod cookie behind a rollback in the same subroutine may end varnishd.
                Line(dice.Of(_hasCookies ? "cookie.clean();" : "std.rollback(req);", "std.collect(req.http.Cookie);",
                    "std.collect(req.http.X-A);",
                    "set req.hash_always_miss = true;", "set req.hash_ignore_vary = true;", "set req.method = \"GET\";",
                        "std.log(req.url);"));
                break;
            case 11:
                Line($"set {owner}.http.X-B += \"z\";".Replace("+=", "=", StringComparison.Ordinal));
                break;
            default:
                Line($"set {owner}.http.{dice.Of("X-A", "X-B", "X-C")} = {owner}.http.{dice.Of(VclWords.Fields)};");
                break;
        }
    }

    private void If(int depth, string owner, Action then, Action? otherwise)
    {
        Line($"if ({Condition(owner, depth)}) {{");
        Indented(then);
        if (otherwise is not null)
        {
            Line("} else {");
            Indented(otherwise);
        }

        Line("}");
    }

    private static string Quoted(string value) => $"\"{value}\"";

    private void Maybe(int oneIn, string sub, Action body)
    {
        if (dice.OneIn(oneIn))
        {
            Sub(sub, body);
        }
    }

    private void Sub(string name, Action body)
    {
        Line($"sub {name} {{");
        Indented(body);
        Line("}");
    }

    private void Indented(Action body)
    {
        _indent++;
        body();
        _indent--;
    }

    private void Line(string text) => _text.Append(' ', _indent * 4).Append(text).Append('\n');
}
