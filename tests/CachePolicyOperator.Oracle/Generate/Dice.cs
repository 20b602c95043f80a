namespace CachePolicyOperator.Oracle.Generate;

/// <summary>Chance that can be repeated: the same seed gives the same choices on every machine.</summary>
internal sealed class Dice(ulong seed)
{
    // Mixed, or the stream of one seed would be that of the next one, moved by a step.
    private ulong _state = Mix(seed + 0x1234567);

    public int Below(int limit) => (int)(Next() % (ulong)limit);

    public bool OneIn(int n) => Below(n) == 0;

    public T Of<T>(params IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    // SplitMix64.
    private ulong Next() => Mix(_state += 0x9E3779B97F4A7C15);

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
