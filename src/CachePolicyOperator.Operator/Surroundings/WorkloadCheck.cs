using System.Text.RegularExpressions;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Operator.Certificates;
using CachePolicyOperator.Operator.Rollouts;
using k8s.Models;

namespace CachePolicyOperator.Operator.Surroundings;

/// <summary>
/// What of a cache's pod template lets varnishd serve what nobody proved, or keeps the agent from its work.
/// </summary>
internal static partial class WorkloadCheck
{
    private const int MostRounds = 4;
    private static readonly string[] Lifetimes = ["default_ttl", "default_grace", "default_keep"];

    public static IEnumerable<Diagnostic> Of(string subject, string policy, V1PodSpec? pod)
    {
        var agent = (pod?.Containers ?? []).FirstOrDefault(CacheContainers.IsAgent);
        var hasGate = pod?.ReadinessGates?.Any(g => g.ConditionType == PodGates.ConditionType) == true;
        if (agent is null)
        {
            yield return Diagnostic.Error(
                "workload/no-agent", subject,
                "no container is the agent, so nobody watches what varnishd serves, and no proven VCL gets into it",
                $"`cachepolicy inject --policy {policy}` writes it into the manifest");
        }
        else if (!MountsCertificate(pod!, policy))
        {
            yield return Diagnostic.Error(
                "workload/no-certificate", subject,
                $"no volume brings `{AgentSecret.CertificateKey(policy)}` of Secret `{AgentSecret.Name}`, so its agent "
                    + $"cannot prove to be one of policy `{policy}`",
                $"`cachepolicy inject --policy {policy}` writes it into the manifest");
        }

        if (!hasGate)
        {
            yield return Diagnostic.Warning(
                "workload/no-gate", subject,
                    $"without the readiness gate `{PodGates.ConditionType}` a pod gets traffic before a proven VCL "
                        + "serves",
                $"add `readinessGates: [{{conditionType: {PodGates.ConditionType}}}]`");
        }

        foreach (var container in CacheContainers.Of(pod))
        {
            foreach (var found in Engine(subject, container)
                .Concat(Arguments(subject, CacheContainers.Arguments(container), hasGate)))
            {
                yield return found;
            }
        }
    }

    private static bool MountsCertificate(V1PodSpec pod, string policy)
    {
        var key = AgentSecret.CertificateKey(policy);
        bool Brings(string? secret, IList<V1KeyToPath>? items) =>
            secret == AgentSecret.Name && (items is not { Count: > 0 } || items.Any(i => i.Key == key));
        return (pod.Volumes ?? []).Any(v =>
            Brings(v.Secret?.SecretName, v.Secret?.Items)
            || (v.Projected?.Sources ?? []).Any(s => Brings(s.Secret?.Name, s.Secret?.Items)));
    }

    private static IEnumerable<Diagnostic> Engine(string subject, V1Container container)
    {
        if (Version().Match(CacheContainers.ImageTag(container)) is { Success: true } tag
            && EngineVersion.TryParse(tag.Value, out var engine)
            && (engine > EngineVersion.Newest || engine < new EngineVersion(7, 0)))
        {
            yield return Diagnostic.Error(
                "workload/engine", subject,
                    $"image `{container.Image}` seems to be of version {tag.Value}, for which nothing can be proven",
                "docs/engines.md has the versions that can");
        }
    }

    private static IEnumerable<Diagnostic> Arguments(string subject, string[]? words, bool hasGate)
    {
        if (words is null)
        {
            yield break;
        }

        if (!hasGate && Values(words, "-f").FirstOrDefault() is { } file)
        {
            yield return Diagnostic.Error(
                "workload/unproven-start", subject,
                    $"varnishd starts with `{file}`, and without the readiness gate that serves before the proven VCL "
                        + "does",
                $"start it with `-b none`, or add `readinessGates: [{{conditionType: {PodGates.ConditionType}}}]`");
        }

        if (!words.Any(w => w.StartsWith("-T", StringComparison.Ordinal)) || Values(words, "-S").Contains("none"))
        {
            yield return Diagnostic.Error(
                "workload/no-admin", subject,
                    "varnishd's command line has no address (`-T`), or no secret (`-S none`), so the agent cannot do "
                        + "anything",
                "docs/adopt.md says what it needs");
        }

        foreach (var parameter in Values(words, "-p"))
        {
            var (name, value) = parameter.Split('=', 2) is [var left, var right] ? (left, right) : (parameter, "");
            var isUnproven = (name is "max_restarts" or "max_retries"
                && !(int.TryParse(value, out var rounds) && rounds <= MostRounds))
                || (name == "feature" && value.Split(',').Contains("+http2"));
            if (isUnproven)
            {
                yield return Diagnostic.Error(
                    "workload/parameters", subject, $"varnishd starts with `-p {parameter}`, for which no proof holds",
                        "leave it out: docs/adopt.md");
            }
            else if (Lifetimes.Contains(name))
            {
                yield return Diagnostic.Warning(
                    "workload/lifetimes", subject,
                    $"varnishd starts with `-p {parameter}`: so long it keeps pages of which neither the origin nor "
                        + "the VCL says how long, and no proof is about that",
                    "say it in the policy, or in the VCL");
            }
        }
    }

    /// <summary>What an option is given, in the word itself or in the next.</summary>
    private static IEnumerable<string> Values(string[] words, string option)
    {
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i] == option && i + 1 < words.Length)
            {
                yield return words[++i];
            }
            else if (words[i].Length > option.Length && words[i].StartsWith(option, StringComparison.Ordinal))
            {
                yield return words[i][option.Length..];
            }
        }
    }

    [GeneratedRegex(@"^\d+\.\d+")]
    private static partial Regex Version();
}
