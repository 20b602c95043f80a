using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>A whole rendered VCL, section by section in the order in which a request meets them.</summary>
internal static class RevisionText
{
    private const string Origin = "Rendered from CachePolicy";

    public static bool IsRendered(string text) =>
        text.StartsWith($"vcl 4.1;\n\n# {Origin} ", StringComparison.Ordinal);

    public static string Write(PolicySet policies, RenderTarget target)
    {
        var plan = RenderPlan.Of(policies, target);
        var vcl = new VclWriter();
        WriteHead(vcl, plan);
        BackendSection.Write(vcl, plan);
        OriginSection.WriteStandbys(vcl, policies.Policy);
        PersonalSection.Write(vcl, plan);
        RulesSection.Write(vcl, plan);
        QuerySection.Write(vcl, plan);
        ReceiveSection.Write(vcl, plan);
        KeySection.Write(vcl, plan);
        PipeSection.Write(
            vcl, policies.Policy, plan.Variables.SelectMany(FieldNames.Spellings), InternalHeaders.Authority);
        FetchSection.Write(vcl, plan);
        RetrySection.Write(vcl, policies.Policy);
        StoreSection.Write(vcl, plan);
        ResponseSection.Write(vcl, plan);
        DeliverSection.Write(vcl, plan);
        AnswerSection.Write(vcl, plan);
        return vcl.ToString();
    }

    private static void WriteHead(VclWriter vcl, RenderPlan plan)
    {
        vcl.Line("vcl 4.1;");
        vcl.Blank();
        vcl.Comment(
            $"{Origin} {plan.Policies.Policy.Name}. Its digest is its name: a copy that was edited is "
                + "not proven.",
            "What stands between `guard:NAME` and `end:NAME` is the safety floor.");
        if (ReviewLine.Of(plan.Policies.Policy) is { } reviewed)
        {
            vcl.Comment(reviewed);
        }

        vcl.Blank();
        vcl.Line("import std;");
        if (OriginSection.HasStandby(plan.Policies.Policy))
        {
            vcl.Line("import directors;");
        }
    }
}
