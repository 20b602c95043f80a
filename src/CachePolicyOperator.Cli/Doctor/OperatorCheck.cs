using System.Globalization;
using System.Text.Json;
using CachePolicyOperator.Cli.Cluster;

namespace CachePolicyOperator.Cli.Doctor;

/// <summary>The operator: its pods, their version, and whether one of them leads.</summary>
internal static class OperatorCheck
{
    private const string Area = "operator";
    private const string Lease = "cachepolicy-operator";

    /// <summary>A lease that is so much older than it may be is nobody's.</summary>
    private const int Patience = 30;

    public static async Task<IReadOnlyList<Finding>> RunAsync(
        Examination examination, CancellationToken cancellationToken)
    {
        var space = Uri.EscapeDataString(examination.SystemNamespace);
        var pods = await examination.Server.AskAsync(
            $"api/v1/namespaces/{space}/pods?labelSelector=app.kubernetes.io%2Fname%3Dcache-policy-operator", null,
                cancellationToken);
        var lease = await examination.Server.AskAsync(
            $"apis/coordination.k8s.io/v1/namespaces/{space}/leases/{Lease}", null, cancellationToken);
        return [.. Pods(pods, examination), .. Leader(lease, examination)];
    }

    private static IEnumerable<Finding> Pods(ApiAnswer answer, Examination examination)
    {
        var space = examination.SystemNamespace;
        if (!answer.IsWell)
        {
            yield return Finding.Note(Area, $"you may not list pods of namespace {space}",
                "say with `--operator-namespace` where the operator is, or ask who may look there");
            yield break;
        }

        var pods = answer.Items.ToArray();
        if (pods.Length == 0)
        {
            yield return Finding.Problem(
                Area, $"there is no pod of the operator in namespace {space}",
                    "install it (docs/install.md), or say with `--operator-namespace` where it is");
        }

        foreach (var pod in pods)
        {
            var name = pod.Text("metadata", "name");
            var image = pod.Items("spec", "containers").Select(c => c.Text("image")).FirstOrDefault() ?? "";
            yield return IsReady(pod)
                ? Finding.Well(Area, $"{space}/{name} is ready ({image})")
                : Finding.Problem(Area, $"{space}/{name} is not ready ({image})",
                    $"`kubectl logs -n {space} {name}`; /readyz at port 8080 says what it waits for");
            // A digest says no version, and a tag of somebody's own may be any.
            if (image.LastIndexOf(':') is var colon and > 0 && !image.Contains('@')
                && Version.TryParse(image[(colon + 1)..], out var other) && other != Version.Parse(examination.Version))
            {
                yield return Finding.Note(Area,
                    $"{space}/{name} is of version {other}, this program of {examination.Version}",
                    "use both of one version: they judge by the same code then");
            }
        }
    }

    private static bool IsReady(JsonElement pod) =>
        pod.Items("status", "conditions").Any(c => c.Text("type") == "Ready" && c.Text("status") == "True");

    private static IEnumerable<Finding> Leader(ApiAnswer answer, Examination examination)
    {
        if (answer.IsForbidden)
        {
            yield return Finding.Note(Area, "who leads you may not read");
            yield break;
        }

        var holder = answer.Body.Text("spec", "holderIdentity");
        if (!answer.IsWell || string.IsNullOrEmpty(holder))
        {
            yield return Finding.Problem(
                Area, $"nobody leads: the lease `{Lease}` of namespace {examination.SystemNamespace} is "
                    + $"{(answer.IsWell ? "free" : "not there")}",
                "look whether the operator runs with `--leader-elect` (the chart's does), and into its log");
            yield break;
        }

        var renewed = DateTimeOffset.TryParse(
            answer.Body.Text("spec", "renewTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
                out var time) ? time : DateTimeOffset.MinValue;
        var age = (answer.Date ?? examination.Time.GetUtcNow()) - renewed;
        var most = (answer.Body.At("spec", "leaseDurationSeconds") is { ValueKind: JsonValueKind.Number } seconds
            ? seconds.GetInt32() : 15) + Patience;
        yield return age.TotalSeconds <= most
            ? Finding.Well(Area, $"{holder} leads")
            : Finding.Problem(Area, $"{holder} said {age.TotalSeconds:0} s ago that it leads, and nothing since",
                "no operator works: look at its pods; `cachepolicy fallback --break-glass` needs none");
    }
}
