using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Routes.Regex;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Core.Verification.Proving;

/// <summary>
/// Tells what a policy does with a request: follows it through the VCL that the policy becomes, by the execution that
/// proves it, and names in sentences the conditions that decided.
/// </summary>
public static class Explainer
{
    /// <summary>A request without a <c>Host</c> is taken for one to the policy's first host.</summary>
    public static Explanation Explain(PolicySet policies, RenderTarget target, Request request)
    {
        if (policies.Policy.Vcl is { } written)
        {
            return HandWrittenVcl.Explain(policies, written, target, Addressed(policies, request));
        }

        string text;
        try
        {
            text = VclRenderer.Render(policies, target);
        }
        catch (ArgumentException error)
        {
            return new Explanation([], [RevisionProver.Unrenderable(error)]);
        }

        if (!EngineVersion.TryParse(target.EngineVersion, out var engine))
        {
            return new Explanation([], [RevisionProver.UnreadableEngine(target)]);
        }

        var vcl = VclParser.Parse("rendered.vcl", text);
        var addressed = Addressed(policies, request);
        var told = VclExplainer.Explain(vcl, addressed, engine);
        try
        {
            var story = new PolicyStory(policies, addressed, PassConditions.Of(vcl.File));
            // What a client asks for is no fragment of another page.
            var decisions = told.Decisions.Items.Where(d => !d.IsFragment).Select(story.Tell).Distinct()
                .ToEquatableList();
            return new Explanation(decisions, told.Problems);
        }
        catch (Exception error) when (error is BudgetExceededException or RegexSyntaxException)
        {
            var undecided =
                Diagnostic.Error("vcl/too-complex", "spec.rules", $"a rule cannot be decided: {error.Message}");
            return new Explanation([], told.Problems.Items.Append(undecided).ToEquatableList());
        }
    }

    private static Request Addressed(PolicySet policies, Request request) =>
        request.FirstLineOf("Host") is null && policies.Policy.Hosts.Count > 0
            ? request with
            {
                Headers = request.Headers.Items
                    .Insert(0, new HeaderField("Host", policies.Policy.Hosts[0].Value)).ToEquatableList(),
            }
            : request;
}
