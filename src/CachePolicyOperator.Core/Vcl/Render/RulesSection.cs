namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// Which rule is the first to match a request, as far as that tells two requests apart: by what is in the
/// key. How long an answer may be stored is asked when there is one (<see cref="StoreSection"/>).
/// </summary>
internal static class RulesSection
{
    /// <summary>The statement of <c>vcl_recv</c> that asks for the rule of a request.</summary>
    public const string Call = $"call {Sub};";

    private const string Sub = "cp_rule";

    public static void Write(VclWriter vcl, RenderPlan plan)
    {
        vcl.Blank();
        vcl.Comment("Rules in order: the first that matches decides. What no rule names is passed.");
        foreach (var line in SourceMap.Lines(plan.Keys.Groups.Items.SelectMany(group =>
            group.Rules.Items.Select(rule => $"{rule.Path} {rule.Name}: {plan.Keys.NumberOf(group)}"))))
        {
            vcl.Comment(line);
        }

        var first = new FirstMatch<KeyParts>(vcl, "req", group =>
        {
            vcl.Line($"set req.http.{InternalHeaders.Rule} = \"{plan.Keys.NumberOf(group)}\";");
            ResponseSection.WriteMark(vcl, plan, group.Response);
            OriginSection.WriteChoice(vcl, plan.Policies.Policy, group.Origin);
            if (group.WellGrace is { } grace)
            {
                vcl.Block("if (std.healthy(req.backend_hint))", () => vcl.Line($"set req.grace = {grace};"));
            }

            PipeSection.WriteReturn(vcl, group.Upgrades);
            if (group.Answer is { } answer)
            {
                AnswerSection.WriteReturn(vcl, answer);
            }
        });
        first.Write(Sub, plan.Keys.Groups);
    }
}
