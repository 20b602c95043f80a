namespace CachePolicyOperator.EndToEnd.Tests.Rights;

/// <summary>What a service account asked of the API server.</summary>
/// <param name="Resource">With its API group and subresource: <c>cachepolicy.dev/cachepolicies/status</c>.</param>
/// <param name="Name">Empty where it was of no one object.</param>
/// <param name="Space">The namespace; empty where it was of all.</param>
internal sealed record ApiCall(string Verb, string Resource, string Name, string Space, int Code)
{
    private const int Created = 201;

    /// <summary>
    /// What it needed rights for. An apply that makes what is not there needs another; who follows a kind lists it and
    /// then watches it, and a watch that is open may be in no record yet.
    /// </summary>
    public IEnumerable<string> Verbs => (Verb, Code) switch
    {
        _ when IsRefused => [],
        ("patch", Created) => ["patch", "create"],
        ("list", _) => ["list", "watch"],
        _ => [Verb],
    };

    /// <summary>Whether it was refused for want of a right.</summary>
    public bool IsRefused => Code is 401 or 403;
}
