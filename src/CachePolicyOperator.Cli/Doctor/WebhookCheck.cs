using System.Text.Json;
using CachePolicyOperator.Cli.Cluster;
using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Cli.Doctor;

/// <summary>Whether the API server asks the operator before a policy gets in, and gets an answer.</summary>
internal static class WebhookCheck
{
    private const string Area = "webhook";
    private const string Path = "apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";

    public static async Task<IReadOnlyList<Finding>> RunAsync(
        Examination examination, bool kindsAreThere, CancellationToken cancellationToken)
    {
        var found = new List<Finding>();
        var answer = await examination.Server.AskAsync(Path, null, cancellationToken);
        if (answer.IsWell)
        {
            var hooks = answer.Items.SelectMany(c => c.Items("webhooks"))
                .Where(w => w.Text("name")?.EndsWith($".{ApiGroup.Name}", StringComparison.Ordinal) == true).ToArray();
            examination.WebhookNamespace = hooks.Select(h => h.Text("clientConfig", "service", "namespace"))
                .FirstOrDefault(n => n is not null);
            found.Add(Registered(hooks));
            found.AddRange(hooks.Select(h => h.Text("clientConfig", "caBundle")).OfType<string>().Distinct()
                .SelectMany(
                    b => Certificates.Judge(Area, "whom the API server is to trust", Convert.FromBase64String(b),
                    examination.Time)));
        }
        else
        {
            found.Add(Finding.Note(Area, "you may not read webhook configurations"));
        }

        return kindsAreThere ? [.. found, await AskedAsync(examination, cancellationToken)] : found;
    }

    private static Finding Registered(JsonElement[] hooks)
    {
        if (hooks.Length == 0)
        {
            return Finding.Problem(
                Area, "no webhook is registered: what is not proven gets in, and only the controller and the agents "
                    + "refuse it",
                "look whether the operator runs: it registers its webhook when it leads; `kubectl get "
                    + "validatingwebhookconfigurations`");
        }

        return hooks.Any(h => string.IsNullOrEmpty(h.Text("clientConfig", "caBundle")))
            ? Finding.Problem(Area, "the webhook says not whom the API server is to trust",
                "look into the operator's log: it writes this when it leads")
            : Finding.Well(Area, $"{hooks.Length} webhooks are registered");
    }

    /// <summary>A policy that nobody may have, on trial: the operator refuses it, if it is asked.</summary>
    private static async Task<Finding> AskedAsync(Examination examination, CancellationToken cancellationToken)
    {
        var answer = await examination.Server.AskAsync(
            $"apis/{ApiGroup.NameAndVersion}/namespaces/{Uri.EscapeDataString(examination.Cluster.Namespace)}/{CachePolicy.KubePluralName}?dryRun=All",
            $$$"""{"apiVersion": "{{{ApiGroup.NameAndVersion}}}", "kind": "{{{CachePolicy.KubeKind}}}", "metadata": {"generateName": "doctor-"}, "spec": {"hosts": []} }""",
            cancellationToken);
        return answer switch
        {
            { IsWell: true } => Finding.Problem(
                Area, "a policy that says nothing would get in: the operator is not asked",
                    "look whether the operator runs and leads: it registers its webhook then"),
            _ when answer.Refusal.Contains("failed calling webhook", StringComparison.Ordinal) => Finding.Problem(
                Area, $"the API server gets no answer: {answer.Refusal}",
                    "look whether the operator's pods are ready, and whether the network lets the API server reach its "
                        + "Service; no order waits for it"),
            _ when answer.Refusal.Contains("denied the request", StringComparison.Ordinal) =>
                Finding.Well(Area, "the operator answers, and refuses what it should"),
            { IsForbidden: true } =>
                Finding.Note(Area, "whether it answers you may not try: that needs the right to create policies"),
            _ => Finding.Note(Area, $"whether it answers is not known: {answer.Refusal}"),
        };
    }
}
