using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes.Origins;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>Conditions that a request brings a cookie, a header field or a parameter of the query.</summary>
internal static class BroughtTest
{
    private const string Cookies = "req.http.Cookie";
    private const string Target = $"req.http.{InternalHeaders.Target}";

    /// <summary>A cookie that says who asks; any cookie, where none is declared.</summary>
    public static string IdentityCookie(RenderPlan plan) => plan.Identity.Cookies.Count == 0
        ? Cookies
        : Present(CookieNamePattern.Of(plan.Identity.Cookies, plan.Policies.Policy.Origin.Profiles));

    /// <summary>Anything of what a rule passes.</summary>
    public static string Of(Bypass bypass) => string.Join(" || ",
    [
        .. bypass.Cookies.Items.Select(Cookie),
        .. bypass.Headers.Items.Select(Header),
        .. bypass.QueryParameters.Items.Select(Parameter),
    ]);

    private static string Cookie(BroughtValue brought)
    {
        var name = CookieNamePattern.Of([brought.Name], []);
        return WithValue(brought, Present(name), Cookies, $"^(?:.*[;, \\t])?(?:{name})[ \\t]*=[ \\t]*([^;]*).*$");
    }

    private static string Header(BroughtValue brought)
    {
        var field = VclLiteral.Header("req", brought.Name);
        return brought.Value is { } value ? $"{field} ~ {VclLiteral.String(value)}" : field;
    }

    private static string Parameter(BroughtValue brought)
    {
        var name = QueryName.AnyOf([brought.Name]);
        return WithValue(
            brought, $"{Target} ~ {VclLiteral.String(name)}", Target,
            $"^[^?]*\\?(?:.*&)?{(brought.Name.EndsWith('*') ? RegexText.Escape(brought.Name[..^1]) + "[^=&]*" : RegexText.Escape(brought.Name))}=([^&]*).*$");
    }

    private static string Present(string name) =>
        $"{Cookies} ~ {VclLiteral.String($"(?:^|[;, \\t])(?:{name})[ \\t]*(?:[=;,]|$)")}";

    private static string WithValue(BroughtValue brought, string present, string variable, string valueIn) =>
        brought.Value is { } value
            ? $"({present} && regsub({variable}, {VclLiteral.String(valueIn)}, \"\\1\") ~ {VclLiteral.String(value)})"
            : present;
}
