using System.Globalization;
using CachePolicyOperator.Cli.Cluster;

namespace CachePolicyOperator.Cli.Doctor;

/// <summary>The API server: which version it is, and whether its clock goes as this one.</summary>
internal static class ServerCheck
{
    private const string Area = "server";

    private static readonly TimeSpan Odd = TimeSpan.FromSeconds(5);

    /// <summary>What an older server lacks, newest first; the operator does without, at a price.</summary>
    private static readonly (int Minor, string Lacks)[] Features =
    [
        (28, "it cannot tell an edit of a policy from an order, so edits get in unjudged while no operator answers; "
            + "the controller and the agents still refuse what is not proven"),
        (23, "it has no HorizontalPodAutoscaler in version v2"),
        (21, "PodDisruptionBudgets are written in version v1beta1"),
    ];

    public static async Task<IReadOnlyList<Finding>> RunAsync(
        Examination examination, CancellationToken cancellationToken)
    {
        var answer = await examination.Server.AskAsync("version", null, cancellationToken);
        if (!answer.IsWell)
        {
            return [Finding.Problem(Area, $"the API server does not tell its version: {answer.Refusal}",
                "look whether the address of the context is that of an API server")];
        }

        var found = new List<Finding> { Finding.Well(Area, $"Kubernetes {answer.Body.Text("gitVersion")} answers") };
        if (int.TryParse(answer.Body.Text("minor")?.TrimEnd('+'), NumberStyles.None, CultureInfo.InvariantCulture,
            out var minor)
            && answer.Body.Text("major") == "1")
        {
            found.AddRange(Features.Where(f => minor < f.Minor)
                .Select(f =>
                    Finding.Note(Area, $"Kubernetes 1.{minor} is before 1.{f.Minor}: {f.Lacks}",
                    "upgrade the cluster when you can")));
        }

        return [.. found, .. Clock(answer.Date, examination.Time.GetUtcNow())];
    }

    // The header has whole seconds.
    private static IEnumerable<Finding> Clock(DateTimeOffset? server, DateTimeOffset here)
    {
        if (server is { } there)
        {
            var skew = here - there;
            yield return skew.Duration() <= Odd
                ? Finding.Well(Area, "its clock and the one of this machine agree")
                : Finding.Problem(
                    Area,
                    $"the clock of this machine is {Math.Abs(skew.TotalSeconds):0} s "
                        + $"{(skew > TimeSpan.Zero ? "ahead of" : "behind")} the API server's",
                    "set the wrong one of both by NTP: certificates and the times of incidents are judged by them");
        }
    }
}
