using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Core.Verification.Properties;

/// <summary>The weight of a finding that DESIGN §4 counts as a warning on hand-written VCL.</summary>
internal static class Strictness
{
    public static Severity WarningUnlessStrict(this VclQuestion question) =>
        question.Strict ? Severity.Error : Severity.Warning;
}
