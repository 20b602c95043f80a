using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Vcl.Semantics;

/// <summary>Says which argument goes to which parameter: first by place, then by name.</summary>
internal static class ArgumentMatcher
{
    public static IReadOnlyList<(Argument Argument, VmodParameter Parameter)> Match(
        FunctionCall call, VmodFunction function, DiagnosticBag diagnostics)
    {
        var pairs = new List<(Argument, VmodParameter)>();
        var taken = new HashSet<VmodParameter>(ReferenceEqualityComparer.Instance);
        foreach (var (index, argument) in call.Arguments.Items.Index())
        {
            var parameter = argument.Name is null
                ? function.Parameters.Items.ElementAtOrDefault(index)
                : function.Parameters.Items.FirstOrDefault(p => p.Name == argument.Name);
            if (parameter is null)
            {
                diagnostics.Error("vcl/arguments", argument.Span, argument.Name is null
                    ? $"`{call.Name}` takes {function.Parameters.Count} arguments at most"
                    : $"`{call.Name}` has no argument `{argument.Name}`");
            }
            else if (!taken.Add(parameter))
            {
                diagnostics.Error("vcl/arguments", argument.Span, $"the argument `{argument.Name}` is given twice");
            }
            else
            {
                pairs.Add((argument, parameter));
            }
        }

        if (function.Parameters.Items.FirstOrDefault(p => !p.Optional && !taken.Contains(p)) is { } missing)
        {
            diagnostics.Error("vcl/arguments", call.Span,
                missing.Name is null
                    ? $"`{call.Name}` lacks an argument"
                    : $"`{call.Name}` lacks its argument `{missing.Name}`");
        }

        return pairs;
    }
}
