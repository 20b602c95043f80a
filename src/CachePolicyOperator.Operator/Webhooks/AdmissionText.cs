using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Operator.Policies;

namespace CachePolicyOperator.Operator.Webhooks;

/// <summary>Diagnostics as they look best in the answer of <c>kubectl apply</c>.</summary>
internal static class AdmissionText
{
    private const int Most = 30;

    /// <summary>
    /// The headline, and one paragraph for each error: place and fact, the request that would leak, the remedy.
    /// </summary>
    public static string Refusal(string headline, Examination examination)
    {
        var errors = examination.Errors.ToArray();
        return errors.Length == 0
            ? $"{headline}: the proof gave up without a reason, which is a fault of this operator"
            : Refusal(headline, errors);
    }

    public static string Refusal(string headline, IReadOnlyCollection<Diagnostic> errors)
    {
        var text = string.Join("\n", errors.Take(Most).Select(Paragraph));
        return errors.Count > Most
            ? $"{headline}:\n{text}\n… and {errors.Count - Most} more"
            : $"{headline}:\n{text}";
    }

    public static string Line(Diagnostic diagnostic) => diagnostic.ToString();

    private static string Paragraph(Diagnostic diagnostic)
    {
        var text = $"* {diagnostic.Path}: {diagnostic.Message} [{diagnostic.Code}]";
        if (diagnostic.Witness is not null)
        {
            text += $"\n    would leak: {diagnostic.Witness}";
        }

        return diagnostic.Help is null ? text : $"{text}\n    help: {diagnostic.Help}";
    }
}
