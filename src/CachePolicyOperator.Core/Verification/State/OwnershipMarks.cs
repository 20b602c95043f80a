using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.State;

/// <summary>
/// The fields that say of an answer that it is somebody's: without them it looks as if it were anybody's.
/// </summary>
internal static class OwnershipMarks
{
    public static Input SetCookie { get; } = Input.OfAnswerField(ResponseFields.SetCookie);

    public static IReadOnlyList<Input> Fields { get; } = [.. ResponseFields.OfOwner.Select(Input.OfAnswerField)];

    /// <summary>Whether the answer has lost one of them.</summary>
    public static bool AreLost(SymbolicState answer) =>
        Fields.Any(field => answer.FieldOf(field) is AbsentField);
}
