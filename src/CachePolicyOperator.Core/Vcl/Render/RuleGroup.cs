using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>Rules that do the same with what they match, so that one condition stands for all of them.</summary>
/// <param name="Does">Null: the group passes, or answers by itself.</param>
internal sealed record RuleGroup<T>(T? Does, EquatableList<Rule> Rules)
    where T : class
{
    /// <summary>What the group answers by itself.</summary>
    public Answer? Answer => Rules[0].Answer;

    /// <summary>
    /// What is changed of the responses; asked of groups by key alone, for others do not tell it apart.
    /// </summary>
    public ResponseEdits Response => Rules[0].Response;

    /// <summary>The origin that is asked, as <see cref="Response"/> is asked of groups by key alone.</summary>
    public string? Origin => Rules[0].Origin;

    /// <summary>As <see cref="Response"/> is asked of groups by key alone.</summary>
    public bool Upgrades => Rules[0].Upgrades;

    /// <summary>As <see cref="Response"/> is asked of groups by key alone.</summary>
    public Duration? WellGrace => Rules[0].WellGrace;
}
