using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Core.Verification.Properties;

/// <summary>The weight of findings that DESIGN §4 counts as warnings on hand-written VCL.</summary>
internal static class Strictness
{
    public static Severity WarningUnlessStrict(this VclQuestion question) =>
        question.Strict ? Severity.Error : Severity.Warning;

    /// <summary>The weight of a finding that only requests show which say nothing of who asks.</summary>
    public static Severity OfAnonymous(this VclQuestion question) =>
        question.Strict || question.CountsAnonymous ? Severity.Error : Severity.Warning;
}
