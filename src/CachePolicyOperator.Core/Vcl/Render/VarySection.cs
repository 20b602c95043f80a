using CachePolicyOperator.Core.HeaderFields;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// What <c>Vary</c> may name of an answer that is stored, and whose answer it is where it names more: that of the
/// client whose request was sent, unless a field that was taken from it mattered.
/// </summary>
internal static class VarySection
{
    /// <summary>
    /// The reason that an answer is not stored, where it may be another one to the request as it came.
    /// </summary>
    public const string OfTaken = "vary";

    private const string OfSent = "varies";
    private const string Refusal = "cp_vary_refuse";

    // The same for everybody by the time the origin sees it.
    private const string Unified = "accept-encoding";

    public static void Write(VclWriter vcl, RenderPlan plan)
    {
        if (plan.VaryLists.Count == 0)
        {
            return;
        }

        vcl.Sub(Refusal, () => vcl.Guard("vary", () =>
        {
            StoreSection.RefuseIf(vcl, $"beresp.http.Vary ~ {VclLiteral.String(Taken(plan))}", OfTaken);
            StoreSection.Refuse(vcl, OfSent);
        }));
        foreach (var headers in plan.VaryLists)
        {
            var known = RegexText.AnyOf(headers.Items.Append(Unified).Distinct().Order(StringComparer.Ordinal));
            vcl.Sub(Name(plan, headers), () => vcl.Block(
                "if (beresp.http.Vary && beresp.http.Vary !~ "
                    + $"{VclLiteral.String($"(?i)^{known}(?:[ \\t]*,[ \\t]*{known})*$")})",
                () => vcl.Line($"call {Refusal};")));
        }
    }

    public static void WriteCall(VclWriter vcl, RenderPlan plan, Storing storing) =>
        vcl.Line($"call {Name(plan, storing.Varying)};");

    private static string Name(RenderPlan plan, EquatableList<string> headers) =>
        $"cp_vary_{plan.VaryLists.ToList().IndexOf(headers) + 1}";

    // Of a list with something else in it than names nobody knows what the origin looked at.
    private static string Taken(RenderPlan plan)
    {
        var names = ForwardedFields.All.Concat(RequestFields.Dropped).Concat(plan.IdentityHeaders)
            .Concat(plan.AskedHeaders)
            .Concat(plan.Keys.Headers).Concat(plan.Keys.ChosenFields).Concat(["host", "x-forwarded-proto"])
            .Select(name => name.Replace('_', '-')).Distinct().Order(StringComparer.Ordinal)
            .Select(name => RegexText.Escape(name).Replace("-", "[-_]", StringComparison.Ordinal));
        return $"(?i)[^a-z0-9_, \\t-]|(?:^|[, \\t])(?:{string.Join('|', names)})(?:[, \\t]|$)";
    }
}
