namespace CachePolicyOperator.Bench;

/// <summary>What a run is asked for.</summary>
/// <param name="Json">Print one JSON document instead of tables.</param>
/// <param name="Strict">Exit 1 where a goal is missed.</param>
/// <param name="Only">Only the parts whose name begins so; null: all.</param>
internal sealed record BenchOptions(bool Json, bool Strict, string? Only)
{
    public bool Takes(string name) => name.StartsWith(Only ?? string.Empty, StringComparison.Ordinal);

    public static BenchOptions? TryParse(string[] args)
    {
        var options = new BenchOptions(false, false, null);
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--json":
                    options = options with { Json = true };
                    break;
                case "--strict":
                    options = options with { Strict = true };
                    break;
                case "--only" when i + 1 < args.Length:
                    options = options with { Only = args[++i] };
                    break;
                default:
                    return null;
            }
        }

        return options;
    }
}
