using CachePolicyOperator.Cli.Cluster;

namespace CachePolicyOperator.Cli.Doctor;

/// <summary>What the checks look at, and with what.</summary>
/// <param name="OperatorNamespace">Where the operator is said to be; null where nobody says it.</param>
/// <param name="Version">Version of this program.</param>
internal sealed record Examination(
    PolicyCluster Cluster, string? OperatorNamespace, string Version, TimeProvider Time)
{
    private const string UsualNamespace = "cachepolicy-system";

    public ApiServer Server => Cluster.Server;

    /// <summary>Where the webhooks lead, which is where the operator is; found by the check of them.</summary>
    public string? WebhookNamespace { get; set; }

    public string SystemNamespace => OperatorNamespace ?? WebhookNamespace ?? UsualNamespace;

    /// <summary>Every check, in the order in which one thing rests on another.</summary>
    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var found = new List<Finding>(await ServerCheck.RunAsync(this, cancellationToken));
        var kinds = await KindsCheck.RunAsync(this, cancellationToken);
        found.AddRange(kinds);
        found.AddRange(await RightsCheck.RunAsync(this, cancellationToken));
        var areThere =
            !kinds.Any(k => k.Health == Health.Problem && k.Message.Contains("is not there", StringComparison.Ordinal));
        found.AddRange(await WebhookCheck.RunAsync(this, areThere, cancellationToken));
        found.AddRange(await OperatorCheck.RunAsync(this, cancellationToken));
        found.AddRange(await CertificateCheck.RunAsync(this, cancellationToken));
        return areThere ? [.. found, .. await PolicyCheck.RunAsync(this, cancellationToken)] : found;
    }
}
