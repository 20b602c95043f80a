using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>The conditions that a request is and brings what a rule asks for beside its path.</summary>
internal static class RequestTest
{
    /// <summary>All of which must hold.</summary>
    /// <param name="message"><c>req</c>, or <c>bereq</c> for what was sent to the origin.</param>
    public static IEnumerable<string> Of(RequestConditions conditions, string message)
    {
        var brought = new BroughtTest(message);
        if (conditions.Hosts.Count > 0)
        {
            yield return $"{message}.http.Host ~ {VclLiteral.String(HostRegex.Of(conditions.Hosts))}";
        }

        if (conditions.Methods.Count > 0)
        {
            yield return $"{message}.method ~ {VclLiteral.String($"^{RegexText.AnyOf(conditions.Methods)}$")}";
        }

        var all = conditions.Headers.Items.Select(brought.Header)
            .Concat(conditions.Cookies.Items.Select(brought.Cookie))
            .Concat(conditions.QueryParameters.Items.Select(brought.Parameter));
        foreach (var condition in all)
        {
            yield return condition;
        }
    }
}
