using System.Text;
using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Routes.Regex;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Core.Verification.Proving;

/// <summary>
/// Whether a request is and brings what a rule asks for beside its path. Names the rule among those that the VCL takes
/// for one; what is done is the VCL's own decision.
/// </summary>
internal static class RequestMatch
{
    public static bool Meets(Request request, RequestConditions conditions) =>
        (conditions.Hosts.Count == 0 || conditions.Hosts.Items.Any(h => h.Value == Host(request)))
        && (conditions.Methods.Count == 0 || conditions.Methods.Contains(request.Method))
        && conditions.Headers.Items.All(h => Line(request, h.Name, ", ") is { } value && IsMet(h, [value]))
        && conditions.Cookies.Items.All(c => IsMet(c, Values(Cookies(request), c.Name, StringComparison.Ordinal)))
        && conditions.QueryParameters.Items.All(p =>
            IsMet(p, Values(Parameters(request), p.Name, StringComparison.OrdinalIgnoreCase)));

    private static string? Host(Request request) => request.FirstLineOf("Host")?.Split(':')[0];

    private static string? Line(Request request, string name, string separator)
    {
        string[] lines = [.. request.Headers.Items.Where(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(h => h.Value)];
        return lines.Length == 0 ? null : string.Join(separator, lines);
    }

    private static string[] Cookies(Request request) =>
        (Line(request, RequestFields.Cookie, "; ") ?? "").Split(';', StringSplitOptions.TrimEntries);

    private static string[] Parameters(Request request) =>
        request.Target.Split('?', 2) is [_, var query] ? query.Split('&') : [];

    private static string[] Values(IEnumerable<string> pairs, string name, StringComparison comparison) =>
    [
        .. from pair in pairs
           let parts = pair.Split('=', 2)
           where name.EndsWith('*') ? parts[0].StartsWith(name[..^1], comparison) : parts[0].Equals(name, comparison)
           select parts.Length > 1 ? parts[1] : "",
    ];

    // The last of several counts.
    private static bool IsMet(BroughtValue wanted, string[] values) => values.Length > 0
        && (wanted.Value is not { } pattern
            || RegexLanguage.Of(pattern, Budget.ForPattern()).May.Accepts(Encoding.Latin1.GetBytes(values[^1])));
}
