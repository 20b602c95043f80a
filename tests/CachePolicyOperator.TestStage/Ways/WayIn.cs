namespace CachePolicyOperator.TestStage.Ways;

/// <summary>Something by which what nobody proved could come to be served, and what stops it.</summary>
/// <param name="Site">What it is tried on.</param>
/// <param name="All">What stops it where everything stands, in words.</param>
/// <param name="WithoutWebhook">The same where no webhook is asked.</param>
/// <param name="AgentsAlone">The same where no operator runs; may say that nothing does.</param>
/// <param name="Try">Tries it, waits for what is said to stop it, and takes it back; throws where that does not
/// come.</param>
public sealed record WayIn(
    string Name, SiteKind Site, string All, string WithoutWebhook, string AgentsAlone, Func<WayScene, CancellationToken,
        Task> Try)
{
    public string Stops(Standing standing) => standing switch
    {
        Standing.All => All,
        Standing.WithoutWebhook => WithoutWebhook,
        _ => AgentsAlone,
    };
}

/// <summary>Whose the cache pods are, and what is written in them.</summary>
public enum SiteKind
{
    /// <summary>A policy with rules; the operator makes the pods.</summary>
    Managed,

    /// <summary>A policy with rules, for pods of the team's own.</summary>
    Adopted,

    /// <summary>VCL of the team's own, in a ConfigMap.</summary>
    HandWritten,
}
