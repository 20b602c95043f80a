using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Oracle.Model;

/// <summary>
/// What paths know of inputs, asked of concrete values. Remembers answers: paths share their facts, requests their
/// values.
/// </summary>
internal sealed class KnownFacts
{
    private readonly Dictionary<InputFacts, Dictionary<string,
        bool>> _answers = new(ReferenceEqualityComparer.Instance);

    public bool Accepts(InputFacts facts, string value)
    {
        if (!_answers.TryGetValue(facts, out var answers))
        {
            _answers.Add(facts, answers = new Dictionary<string, bool>(StringComparer.Ordinal));
        }

        if (!answers.TryGetValue(value, out var answer))
        {
            answers.Add(value, answer = facts.Accepts(value));
        }

        return answer;
    }
}
