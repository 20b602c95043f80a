namespace CachePolicyOperator.Chaos;

/// <summary>
/// What is done, in which order and to which kind of site: all of it follows from the seed, and from nothing that
/// happens.
/// </summary>
internal static class Plan
{
    /// <summary>
    /// So many steps on one site, then a new one: outages of an hour make a return slower and slower.
    /// </summary>
    private const int StepsASite = 10;

    public static IReadOnlyList<Episode> Of(int seed, int count)
    {
        var random = new Random(seed);
        var bag = Deeds.All.SelectMany(d => Enumerable.Repeat(d, d.Weight)).ToArray();
        return
        [
            .. Enumerable.Range(1, count).Chunk(StepsASite).Select(numbers => new Episode(
                random.Next(2) == 0,
                [.. numbers.Select(
                    n => new Step(n, bag[random.Next(bag.Length)], random.Next(1000), random.Next(500, 3000)))])),
        ];
    }
}

/// <summary>What is done to one site.</summary>
/// <param name="CacheOfTheirOwn">Whether the cache pods are the team's own, instead of the operator's.</param>
internal sealed record Episode(bool CacheOfTheirOwn, IReadOnlyList<Step> Steps);

/// <param name="Which">Which of the several ways to do it.</param>
/// <param name="Milliseconds">How long nothing else is done then.</param>
internal sealed record Step(int Number, Deed Deed, int Which, int Milliseconds)
{
    public override string ToString() => $"step {Number}: {Deed.Name} ({Which}), {Milliseconds} ms";
}
