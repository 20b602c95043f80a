using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// Fields and cookies that come to one of a few values: from here on the request has that value, for the key, the
/// origin and <c>Vary</c> alike. A request that is passed after all has its own again.
/// </summary>
internal static class ChoiceSection
{
    /// <summary>The last thing before the lookup.</summary>
    public static void WriteChoosing(VclWriter vcl, RenderPlan plan) => WriteByList(vcl, plan, choices =>
    {
        vcl.Line($"set req.http.{InternalHeaders.Chosen} = \"1\";");
        foreach (var field in Fields(choices))
        {
            var variable = VclLiteral.Header("req", field);
            vcl.Block($"if ({variable})", () => vcl.Line($"set req.http.{InternalHeaders.Was(field)} = {variable};"));
        }

        foreach (var choice in choices.Items.Where(c => c.Of == ChoiceOf.Header))
        {
            WriteHeader(vcl, choice);
        }

        foreach (var choice in choices.Items.Where(c => c.Of == ChoiceOf.Device))
        {
            WriteDevice(vcl, choice);
        }

        KeyChoice[] cookies = [.. choices.Items.Where(c => c.Of == ChoiceOf.Cookie)];
        if (cookies.Length > 0)
        {
            WriteCookies(vcl, cookies);
        }
    });

    /// <summary>Undoes the choosing, in <c>vcl_pass</c>.</summary>
    public static void WriteRestoring(VclWriter vcl, RenderPlan plan)
    {
        if (plan.Keys.ChosenFields.Count > 0)
        {
            vcl.Block($"if (req.http.{InternalHeaders.Chosen})", () => WriteByList(vcl, plan, choices =>
            {
                foreach (var field in Fields(choices))
                {
                    var (variable, was) = (VclLiteral.Header("req", field), $"req.http.{InternalHeaders.Was(field)}");
                    vcl.Block($"if ({was})", () => vcl.Line($"set {variable} = {was};"));
                    vcl.Block("else", () => vcl.Line($"unset {variable};"));
                }
            }));
        }
    }

    private static void WriteByList(VclWriter vcl, RenderPlan plan, Action<EquatableList<KeyChoice>> body)
    {
        foreach (var choices in plan.Keys.ChoiceLists)
        {
            vcl.Block($"if ({plan.Keys.Is("req", key => key.Choices == choices)})", () => body(choices));
        }
    }

    private static IEnumerable<string> Fields(EquatableList<KeyChoice> choices) =>
        choices.Items.Select(KeyParts.FieldOf).Distinct();

    private static void WriteHeader(VclWriter vcl, KeyChoice choice)
    {
        var field = VclLiteral.Header("req", choice.Name);
        vcl.Line($"set {field} = regsub({field}, {VclLiteral.String(FirstMember(choice.Values))}, \"\\1\");");
        WriteValues(vcl, choice, value => $"{field} ~ {VclLiteral.String($"(?i)^{RegexText.Escape(value)}$")}",
            value => $"set {field} = {VclLiteral.String(value)};");
    }

    // One word for each class, which is what the origin gets.
    private static void WriteDevice(VclWriter vcl, KeyChoice choice)
    {
        var field = VclLiteral.Header("req", choice.Name);
        var patterns = choice.Values.Items.Zip(choice.Patterns.Items).ToDictionary(c => c.First, c => c.Second);
        WriteValues(vcl, choice, value => $"{field} ~ {VclLiteral.String(patterns[value])}",
            value => $"set {field} = {VclLiteral.String(value)};");
    }

    private static void WriteCookies(VclWriter vcl, KeyChoice[] cookies)
    {
        const string Kept = $"req.http.{InternalHeaders.Kept}";
        vcl.Line($"set {Kept} = \"\";");
        foreach (var choice in cookies)
        {
            var name = RegexText.Escape(choice.Name);
            WriteValues(vcl, choice,
                value =>
                    "req.http.Cookie ~ "
                        + $"{VclLiteral.String($"(?:^|[;, \\t]){name}=\"?{RegexText.Escape(value)}\"?[ \\t]*(?:[;,]|$)")}",
                value =>
                    $"set {Kept} = {Kept} + "
                        + $"{VclLiteral.String($"{(choice == cookies[0] ? "" : "; ")}{choice.Name}={value}")};");
        }

        vcl.Line($"set req.http.{RequestFields.Cookie} = {Kept};");
    }

    private static void WriteValues(
        VclWriter vcl, KeyChoice choice, Func<string, string> isValue, Func<string, string> statement)
    {
        var word = "if";
        foreach (var value in choice.Values)
        {
            vcl.Block($"{word} ({isValue(value)})", () => vcl.Line(statement(value)));
            word = "elseif";
        }

        vcl.Block("else", () => vcl.Line(statement(choice.Otherwise)));
    }

    // The first member of the list that is one of the values, or begins with one and a hyphen; `en-GB` is not to be
    // found as `en`.
    private static string FirstMember(EquatableList<string> values) =>
        "(?i)^(?:.*?,)??[ "
            + $"\\t]*({string.Join('|', values.Items.OrderByDescending(v => v.Length).Select(RegexText.Escape))})(?:[-;, \\t].*)?$";
}
