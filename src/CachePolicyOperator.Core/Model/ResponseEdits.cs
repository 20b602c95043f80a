namespace CachePolicyOperator.Core.Model;

/// <summary>
/// What is changed of a response on its way to the client, wherever it comes from: what is stored stays as it is.
/// </summary>
/// <param name="Set">Each instead of what the response has of that name.</param>
/// <param name="Unset">Names of fields that are taken away.</param>
public sealed record ResponseEdits(EquatableList<ResponseField> Set, EquatableList<string> Unset)
{
    public static ResponseEdits None { get; } = new([], []);

    /// <summary>Which sites' scripts may read it; null: what the origin says of that stays.</summary>
    public Cors? Cors { get; init; }

    /// <summary>What a browser keeps of it at most; null: what the origin says of that stays.</summary>
    public BrowserCaching? Browsers { get; init; }

    /// <summary>These edits on top of those for all: of one field the nearer one counts.</summary>
    public ResponseEdits Over(ResponseEdits all)
    {
        ArgumentNullException.ThrowIfNull(all);
        return new ResponseEdits(
            [.. all.Set.Items.Where(field => !IsTold(field.Name)), .. Set],
            [.. all.Unset.Items.Where(name => !IsTold(name)), .. Unset])
        {
            Cors = Cors ?? all.Cors,
            Browsers = Browsers ?? all.Browsers,
        };
    }

    private bool IsTold(string name) =>
        Set.Items.Select(field => field.Name).Concat(Unset.Items).Contains(name, StringComparer.OrdinalIgnoreCase);
}

/// <summary>What a browser keeps of a response at most. Both allow less than whatever an origin says.</summary>
public enum BrowserCaching
{
    /// <summary>A copy of which it asks each time whether it is still the page.</summary>
    NoCache,

    /// <summary>Nothing.</summary>
    NoStore,
}

/// <summary>A field of a response, as people write it.</summary>
public sealed record ResponseField(string Name, string Value);
