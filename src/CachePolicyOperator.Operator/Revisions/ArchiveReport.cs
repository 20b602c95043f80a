namespace CachePolicyOperator.Operator.Revisions;

/// <summary>What was found when the records of a policy were kept, by the names of their ConfigMaps.</summary>
internal sealed class ArchiveReport
{
    private readonly List<string> _putBack = [];
    private readonly List<string> _notOurs = [];

    /// <summary>Those that somebody else had changed or removed.</summary>
    public IReadOnlyList<string> PutBack => _putBack;

    /// <summary>Those that are somebody else's, and were left alone.</summary>
    public IReadOnlyList<string> NotOurs => _notOurs;

    public void Add(ArchiveReport other)
    {
        _putBack.AddRange(other._putBack);
        _notOurs.AddRange(other._notOurs);
    }

    public void Add(string name, Keeping keeping) =>
        (keeping switch { Keeping.PutBack => _putBack, Keeping.NotOurs => _notOurs, _ => null })?.Add(name);
}
