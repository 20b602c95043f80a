namespace CachePolicyOperator.Origins.Probing;

/// <summary>What is sent to an origin for one personal path: every disguise alone, and many of them together.</summary>
public static class Probes
{
    private const int Together = 900;

    /// <summary>The ids of the behaviours that some probe is about.</summary>
    public static IReadOnlySet<string> Behaviors { get; } = Disguises.All.Select(d => d.Behavior).ToHashSet(
        StringComparer.Ordinal);

    /// <summary>The same probes for the same path, always.</summary>
    public static IReadOnlyList<Probe> For(string path)
    {
        var probes = Disguises.All.Select(d => new Probe(d.Behavior, d.Write(path)));
        return [.. probes.Concat(Combined(path)).Where(IsOneRequestLine).DistinctBy(p => p.Target)
            .Where(p => p.Target != path)];
    }

    /// <summary>Two or three disguises, one over the other, chosen by a generator that is always the same.</summary>
    private static IEnumerable<Probe> Combined(string path)
    {
        var state = 2018u;
        for (var i = 0; i < Together; i++)
        {
            var probe = new Probe(string.Empty, path);
            for (var n = 0; n < 2 + (i % 2); n++)
            {
                state = (state * 1_664_525) + 1_013_904_223;
                var (behavior, write) = Disguises.All[(int)((state >> 8) % (uint)Disguises.All.Count)];
                if (probe.Target.Length > 1 && probe.Target[0] == '/')
                {
                    probe = new Probe($"{probe.Behavior}+{behavior}".TrimStart('+'), write(probe.Target));
                }
            }

            yield return probe;
        }
    }

    // A space or a control character would end the request line; Varnish takes neither.
    private static bool IsOneRequestLine(Probe probe) =>
        probe.Target.Length > 0 && probe.Target.All(c => c is > ' ' and not '\x7f' and <= '\xff');
}
