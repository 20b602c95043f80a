using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>Rules that do the same with what they match, so that one condition stands for all of them.</summary>
/// <param name="Does">Null: the group passes.</param>
internal sealed record RuleGroup<T>(T? Does, EquatableList<Rule> Rules)
    where T : class;
