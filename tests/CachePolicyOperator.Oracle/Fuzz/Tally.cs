using CachePolicyOperator.Oracle.Judge;

namespace CachePolicyOperator.Oracle.Fuzz;

/// <summary>Sums over all batches.</summary>
internal sealed class Tally
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _imprecise = [];
    private readonly Dictionary<string, int> _skipped = [];

    public long Decisions { get; private set; }

    public long Lookups { get; private set; }

    public long Fetches { get; private set; }

    public long Stored { get; private set; }

    public long Hits { get; private set; }

    public int Vcls { get; private set; }

    /// <summary>VCLs that were proven, of those that the proof was asked about.</summary>
    public int Proven { get; private set; }

    public long Unsound { get; private set; }

    public int Incomplete { get; private set; }

    /// <summary>VCLs that policies became.</summary>
    public int Policies { get; private set; }

    /// <summary>Those of them whose text is more than a proof follows.</summary>
    public int TooComplex { get; private set; }

    public void Add(Judgement judgement, bool isComplete, PolicyGate? gate)
    {
        lock (_lock)
        {
            Policies += gate is null ? 0 : 1;
            TooComplex += gate is { IsTooComplex: true } ? 1 : 0;
            Vcls++;
            Proven += judgement.Proven;
            Incomplete += isComplete ? 0 : 1;
            Decisions += judgement.Decisions;
            Lookups += judgement.Lookups;
            Fetches += judgement.Fetches;
            Stored += judgement.Stored;
            Hits += judgement.Hits;
            Unsound += judgement.Unsound.Count;
            foreach (var (cause, count) in judgement.Imprecise)
            {
                _imprecise[cause] = _imprecise.GetValueOrDefault(cause) + count;
            }
        }
    }

    public void Skip(string reason)
    {
        lock (_lock)
        {
            var cause = reason.Split('\n')[0];
            _skipped[cause] = _skipped.GetValueOrDefault(cause) + 1;
        }
    }

    public void Write(TextWriter writer)
    {
        lock (_lock)
        {
            writer.WriteLine(
                $"{Decisions} decisions under {Vcls} VCLs: {Lookups} lookups, {Hits} hits, {Fetches} backend requests, "
                    + $"{Stored} stored responses");
            writer.WriteLine($"{Unsound} unsound disagreements; {Proven} VCLs proven, and watched for leaks");
            writer.WriteLine($"{Policies} VCLs of policies, {TooComplex} of them proven by the model alone");
            writer.WriteLine($"{_imprecise.Values.Sum()} imprecise (more was considered possible than happened):");
            foreach (var (cause, count) in _imprecise.OrderByDescending(c => c.Value))
            {
                writer.WriteLine($"  {count,9}  {cause}");
            }

            if (_skipped.Count > 0)
            {
                writer.WriteLine(
                    $"{_skipped.Values.Sum()} VCLs left out (the proof would say Unknown, or varnishd refuses them):");
                foreach (var (cause, count) in _skipped.OrderByDescending(c => c.Value).Take(12))
                {
                    writer.WriteLine($"  {count,9}  {cause}");
                }
            }

            if (Incomplete > 0)
            {
                writer.WriteLine($"{Incomplete} batches whose log was not whole in time");
            }
        }
    }
}
