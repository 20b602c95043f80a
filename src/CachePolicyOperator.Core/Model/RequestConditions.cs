namespace CachePolicyOperator.Core.Model;

/// <summary>
/// What a request must be and bring, beside its path, so that a rule matches it. All of it must hold.
/// </summary>
/// <param name="Hosts">One of these; empty: any of the policy's.</param>
/// <param name="Methods">One of these; empty: any.</param>
/// <param name="Headers">With names in lower case.</param>
public sealed record RequestConditions(
    EquatableList<HostName> Hosts,
    EquatableList<string> Methods,
    EquatableList<BroughtValue> Cookies,
    EquatableList<BroughtValue> Headers,
    EquatableList<BroughtValue> QueryParameters)
{
    /// <summary>The methods of which a request may be answered from the cache.</summary>
    public static EquatableList<string> LookedUp { get; } = ["GET", "HEAD"];

    public static RequestConditions None { get; } = new([], [], [], [], []);

    /// <summary>What every request is that may be answered from the cache.</summary>
    public static RequestConditions OfLookups { get; } = None with { Methods = LookedUp };

    /// <summary>Whether something is asked that a request does not say by where it goes.</summary>
    public bool AskWhatIsBrought => Methods.Count + Cookies.Count + Headers.Count + QueryParameters.Count > 0;

    /// <summary>Whether every request that these hold for surely meets the others too.</summary>
    public bool Imply(RequestConditions others)
    {
        ArgumentNullException.ThrowIfNull(others);
        return IsWithin(Hosts, others.Hosts)
            && IsWithin(Methods, others.Methods)
            && others.Cookies.Items.All(Cookies.Contains)
            && others.Headers.Items.All(Headers.Contains)
            && others.QueryParameters.Items.All(QueryParameters.Contains);
    }

    private static bool IsWithin<T>(EquatableList<T> some, EquatableList<T> others) =>
        others.Count == 0 || (some.Count > 0 && some.Items.All(others.Contains));
}
