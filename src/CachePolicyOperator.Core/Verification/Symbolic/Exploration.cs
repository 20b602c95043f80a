namespace CachePolicyOperator.Core.Verification.Symbolic;

/// <summary>Everything that the properties look at, explored once: all lookups, the fetches behind them and what they store.</summary>
internal sealed class Exploration(VclQuestion question, WordSet personal, InputSpace space, RequestExplorer explorer)
{
    private IReadOnlyList<PathState>? _lookups;
    private IReadOnlyList<PathState>? _fetches;
    private IReadOnlyList<Outcome>? _stores;

    public VclQuestion Question => question;

    /// <summary>Every target that an origin may resolve to a personal route.</summary>
    public WordSet Personal => personal;

    public InputSpace Space => space;

    /// <summary>Every way of any request to a lookup.</summary>
    public IReadOnlyList<PathState> Lookups => _lookups ??= explorer.Lookups(new PathState());

    public IReadOnlyList<PathState> Fetches => _fetches ??= explorer.Fetches(Lookups);

    /// <summary>Every way of any response into the shared cache.</summary>
    public IReadOnlyList<Outcome> Stores => _stores ??= explorer.Stores(Fetches);

    /// <summary>The ways to a lookup of requests whose target is among the words.</summary>
    public IReadOnlyList<PathState> LookupsOf(WordSet targets) =>
        space.Within(new PathState(), new InputText("req.url"), targets) is { } start ? explorer.Lookups(start) : [];

    /// <summary>The ways into the cache of responses of which something is known.</summary>
    public IReadOnlyList<Outcome> StoresOf(string responseField, InputFacts facts) =>
        explorer.Stores(Fetches, new PathState { Known = new PathState().Known.SetItem(responseField, facts) });
}

/// <summary>One property of DESIGN §4 on the text of a VCL.</summary>
internal interface IVclProperty
{
    string Code { get; }

    IEnumerable<Finding> Check(Exploration exploration);
}
