using CachePolicyOperator.Oracle.Shrink;

namespace CachePolicyOperator.Oracle.Generate;

/// <summary>
/// Breaks a VCL in a few places as an editor would: a statement gone, a branch taken always, half of a condition lost.
/// </summary>
internal sealed class VclMutator(Dice dice)
{
    private const int MaxCuts = 3;

    public string Mutate(string vcl)
    {
        for (var cuts = dice.Below(MaxCuts + 1); cuts > 0; cuts--)
        {
            var smaller = VclReducer.Smaller(vcl).ToList();
            if (smaller.Count == 0)
            {
                break;
            }

            vcl = dice.Of(smaller);
        }

        return vcl;
    }
}
