using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Core.Verification.Proving;

/// <summary>What a rendered policy does with one request, and why, step by step.</summary>
/// <param name="Decision"><c>pass</c>, <c>lookup</c> or <c>synth</c>.</param>
/// <param name="Rule">The rule that decided; null where none did.</param>
/// <param name="Key">The parts of the cache key on a lookup, in order.</param>
/// <param name="Reasons">One sentence a step, in order.</param>
public sealed record Explanation(
    string Decision, string? Rule, EquatableList<string> Key, EquatableList<string> Reasons);

/// <summary>Tells what the policy does with a request.</summary>
public static class Explainer
{
    /// <summary>Follows the order of the rendered VCL: the first step that passes the request ends the story.</summary>
    public static Explanation Explain(PolicySet policies, Request request) => new RequestStory(policies, request).Tell();
}
