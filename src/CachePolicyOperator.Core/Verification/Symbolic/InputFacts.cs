using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Verification.Symbolic;

/// <summary>What is known of one input on a path: whether it may be absent, or present with a value of a language.</summary>
/// <param name="Value">Values if present; empty where it cannot be present.</param>
/// <param name="MayRepeat">Whether more lines of the same name may follow the first one.</param>
internal sealed record InputFacts(bool MayBeAbsent, Language Value, bool MayRepeat)
{
    public bool MayBePresent => !Value.IsEmpty;

    public bool IsImpossible => !MayBeAbsent && !MayBePresent;

    /// <summary>What it reads as: absent reads as empty.</summary>
    public Language Reading(Budget budget) => MayBeAbsent && !Value.AcceptsEmptyWord ? Value.Union(Language.Epsilon, budget) : Value;

    public InputFacts Absent() => this with { Value = Language.Empty, MayRepeat = false };

    public InputFacts Present() => this with { MayBeAbsent = false };

    /// <summary>Only readings within the language.</summary>
    public InputFacts Within(Language language, Budget budget) =>
        this with { MayBeAbsent = MayBeAbsent && language.AcceptsEmptyWord, Value = Value.Intersect(language, budget) };

    /// <summary>Both together; null where that would hold more than the two.</summary>
    public InputFacts? Union(InputFacts other, Budget budget)
    {
        if (!MayBePresent || !other.MayBePresent)
        {
            var present = MayBePresent ? this : other;
            return present with { MayBeAbsent = MayBeAbsent || other.MayBeAbsent };
        }

        return MayRepeat == other.MayRepeat
            ? new InputFacts(MayBeAbsent || other.MayBeAbsent, Value.Union(other.Value, budget), MayRepeat)
            : null;
    }
}
