using CachePolicyOperator.TestStage.Watching;

namespace CachePolicyOperator.TestStage.Situations;

/// <summary>One situation: what clients got, and what the status said.</summary>
/// <param name="Said">The levels that the status said, one after the other.</param>
/// <param name="Failure">What was waited for in vain; null where all came.</param>
public sealed record Row(string Situation, Judgement Judgement, string Said, string? Failure, string Log)
{
    public bool IsWell => Failure is null && Judgement.IsWell;

    /// <summary>Everything that is wrong, for the message of a test.</summary>
    public string Explain() =>
        string.Join('\n', [Situation, .. Judgement.Findings, Failure ?? "", $"said: {Said}", Log]);

    public static string Of(Recording record)
    {
        List<string> said = [];
        string? last = null;
        foreach (var look in record.Looks)
        {
            var now = look.Level is null ? $"({look.Conditions})" : look.Level == look.Wanted ? look.Level
                : $"{look.Level}, wanted {look.Wanted}";
            if (now != last)
            {
                said.Add($"{(look.At - record.Looks[0].At).TotalSeconds:F1}s {now}");
                last = now;
            }
        }

        return string.Join(" → ", said);
    }
}
