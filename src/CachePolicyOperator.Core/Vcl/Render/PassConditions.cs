using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>Which conditions of a rendered VCL, read back, pass a request, each with its reason.</summary>
internal static class PassConditions
{
    private const string Why = $"req.http.{InternalHeaders.Why}";

    /// <summary>The reasons by the line of the condition.</summary>
    public static IReadOnlyDictionary<int, PassReason> Of(VclFile rendered)
    {
        var reasons = new Dictionary<int, PassReason>();
        var branches = rendered.Declarations.Items.OfType<SubDeclaration>()
            .SelectMany(sub => sub.Body.WithNested()).OfType<IfStatement>().SelectMany(choice => choice.Branches.Items);
        foreach (var branch in branches)
        {
            if (ReasonOf(branch.Body.Statements) is { } reason)
            {
                reasons[branch.Condition.Span.Line] = reason;
            }
        }

        return reasons;
    }

    // One that is asked only where another holds, before something is set, is the same question asked more exactly.
    private static PassReason? ReasonOf(EquatableList<Statement> body) => body.Items switch
    {
        [SetStatement { Value: StringLiteral status } set, ReturnStatement { Action.Text: "pass" }]
            when set.Target.Span.Text.Equals(Why, StringComparison.OrdinalIgnoreCase) => PassReason.Of(status.Value),
        [IfStatement { Branches.Items: [var exactly] }, SetStatement, ..] => ReasonOf(exactly.Body.Statements),
        _ => null,
    };
}
