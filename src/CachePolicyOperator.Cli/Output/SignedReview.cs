using System.Text.Json.Nodes;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Cli.Output;

/// <summary>A signed review as a manifest.</summary>
internal static class SignedReview
{
    public static string Write(
        ResourceName policy, Digest digest, string verdict, string? comment, string key, byte[] signature)
    {
        var spec = new JsonObject
        {
            ["policy"] = policy.Name,
            ["digest"] = digest.ToString(),
            ["verdict"] = verdict,
        };
        if (comment is not null)
        {
            spec["comment"] = comment;
        }

        spec["signature"] = new JsonObject { ["key"] = key, ["value"] = Convert.ToBase64String(signature) };
        return Yaml.Of(new JsonObject
        {
            ["apiVersion"] = ApiGroup.NameAndVersion,
            ["kind"] = CacheReview.KubeKind,
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{policy.Name}-{digest.Hex[..12]}-{Digest.Of(signature).Hex[..8]}",
                ["namespace"] = policy.Namespace,
            },
            ["spec"] = spec,
        }.ToJsonString());
    }
}
