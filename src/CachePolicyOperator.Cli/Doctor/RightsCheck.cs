using System.Text.Json.Nodes;
using CachePolicyOperator.Cli.Cluster;
using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Cli.Doctor;

/// <summary>What you may do with this program, as the API server says.</summary>
internal static class RightsCheck
{
    private const string Area = "rights";

    private static readonly (string Group, string Resource, string Verb, string For)[] Rights =
    [
        (ApiGroup.Name, CachePolicy.KubePluralName, "list", "`status`"),
        (ApiGroup.Name, CacheIncident.KubePluralName, "list", "`incident list`"),
        (ApiGroup.Name, CachePolicy.KubePluralName, "patch", "`fallback` and `return`"),
        (ApiGroup.Name, CacheInvalidation.KubePluralName, "create", "`purge`"),
        ("", "services", "list", "the entries in `status`"),
        ("", "services", "patch", "`fallback --break-glass`"),
    ];

    public static async Task<IReadOnlyList<Finding>> RunAsync(
        Examination examination, CancellationToken cancellationToken)
    {
        var missing = new List<string>();
        foreach (var right in Rights)
        {
            if (!await MayAsync(right.Group, right.Resource, right.Verb, examination, cancellationToken))
            {
                missing.Add($"{right.Verb} {right.Resource}, for {right.For}");
            }
        }

        var where = examination.Cluster.Everywhere ? "everywhere" : $"in namespace {examination.Cluster.Namespace}";
        return missing.Count == 0
            ? [Finding.Well(Area, $"you may use every command {where}")]
            : [Finding.Problem(
                Area, $"you may not, {where}: {string.Join("; ", missing)}",
                "have the chart's ClusterRole bound that ends in `.responder` (`kubectl get clusterrole | grep "
                    + "responder`)")];
    }

    private static async Task<bool> MayAsync(
        string group, string resource, string verb, Examination examination, CancellationToken cancellationToken)
    {
        var attributes = new JsonObject { ["group"] = group, ["resource"] = resource, ["verb"] = verb };
        if (!examination.Cluster.Everywhere)
        {
            attributes["namespace"] = examination.Cluster.Namespace;
        }

        var review = new JsonObject
        {
            ["apiVersion"] = "authorization.k8s.io/v1",
            ["kind"] = "SelfSubjectAccessReview",
            ["spec"] = new JsonObject { ["resourceAttributes"] = attributes },
        };
        var answer = await examination.Server.AskAsync(
            "apis/authorization.k8s.io/v1/selfsubjectaccessreviews", review.ToJsonString(), cancellationToken);
        return answer.Body.At("status", "allowed").ValueKind == System.Text.Json.JsonValueKind.True;
    }
}
