using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes.Origins;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>Conditions that a request brings a cookie, a header field or a parameter of the query.</summary>
/// <param name="message"><c>req</c> as it came, or <c>bereq</c> as it was sent to the origin.</param>
internal sealed class BroughtTest(string message)
{
    private readonly string _cookies = $"{message}.http.Cookie";
    private readonly string _target = message == "req" ? $"req.http.{InternalHeaders.Target}" : $"{message}.url";

    private static BroughtTest OfRequest { get; } = new("req");

    /// <summary>A cookie that says who asks; any cookie, where none is declared.</summary>
    public static string IdentityCookie(RenderPlan plan) => plan.Identity.Cookies.Count == 0
        ? OfRequest._cookies
        : OfRequest.Present(CookieNamePattern.Of(plan.Identity.Cookies, plan.Policies.Policy.Profiles));

    /// <summary>Anything of what a rule passes.</summary>
    public static string Of(Bypass bypass) => string.Join(" || ",
    [
        .. bypass.Cookies.Items.Select(OfRequest.Cookie),
        .. bypass.Headers.Items.Select(OfRequest.Header),
        .. bypass.QueryParameters.Items.Select(OfRequest.Parameter),
    ]);

    public string Cookie(BroughtValue brought)
    {
        var name = CookieNamePattern.Of([brought.Name], []);
        // Without a `=` there is no value that could match, and nothing to cut one out of.
        var present = brought.Value is null ? Present(name) : Present(name, ends: "=");
        return WithValue(brought, present, _cookies, $"^(?:.*[;, \\t])?(?:{name})[ \\t]*=[ \\t]*([^;]*).*$");
    }

    public string Header(BroughtValue brought)
    {
        var field = VclLiteral.Header(message, brought.Name);
        return brought.Value is { } value ? $"{field} ~ {VclLiteral.String(value)}" : field;
    }

    public string Parameter(BroughtValue brought)
    {
        var name = QueryName.AnyOf([brought.Name]);
        return WithValue(
            brought, $"{_target} ~ {VclLiteral.String(name)}", _target,
            $"^[^?]*\\?(?:.*&)?{(brought.Name.EndsWith('*') ? RegexText.Escape(brought.Name[..^1]) + "[^=&]*" : RegexText.Escape(brought.Name))}(?:=([^&]*))?(?:&.*)?$");
    }

    private string Present(string name, string ends = "(?:[=;,]|$)") =>
        $"{_cookies} ~ {VclLiteral.String($"(?:^|[;, \\t])(?:{name})[ \\t]*{ends}")}";

    private static string WithValue(BroughtValue brought, string present, string variable, string valueIn) =>
        brought.Value is { } value
            ? $"({present} && regsub({variable}, {VclLiteral.String(valueIn)}, \"\\1\") ~ {VclLiteral.String(value)})"
            : present;
}
