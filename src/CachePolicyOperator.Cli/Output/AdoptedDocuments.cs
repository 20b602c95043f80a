using System.Text;
using System.Text.Json.Nodes;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Cli.Output;

/// <summary>What a site says of itself beside its VCL.</summary>
/// <param name="Workload"><c>KIND/NAME</c>; null where the operator is to make one.</param>
internal sealed record AdoptedSite(
    string Name, string Namespace, string[] Hosts, (string Name, int Port) Origin, string? Workload,
    IReadOnlyList<RoutePattern> Personal, IdentityCarriers Identity, IReadOnlyList<string> Profiles);

/// <summary>Writes the ConfigMap of a hand-written VCL, with what it includes, and the policy that names it.</summary>
internal static class AdoptedDocuments
{
    public static string Write(AdoptedSite site, VclFile vcl)
    {
        var map = $"{site.Name}-vcl";
        var data = new JsonObject();
        foreach (var source in vcl.Sources)
        {
            data[KeyOf(source.File)] = Encoding.UTF8.GetString(source.File.ToBytes());
        }

        // The label has edits asked for when they are applied.
        var metadata = Metadata(map, site);
        metadata["labels"] = new JsonObject { [$"{ApiGroup.Name}/vcl"] = "true" };
        var configMap = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = metadata,
            ["data"] = data,
        };
        var policy = new JsonObject
        {
            ["apiVersion"] = ApiGroup.NameAndVersion,
            ["kind"] = CachePolicy.KubeKind,
            ["metadata"] = Metadata(site.Name, site),
            ["spec"] = Spec(site, map, KeyOf(vcl.Source)),
        };
        return $"{Yaml.Of(configMap.ToJsonString())}---\n{Yaml.Of(policy.ToJsonString())}";
    }

    /// <summary>A name that two of the files share; null where there is none.</summary>
    public static string? SharedName(VclFile vcl) =>
        vcl.Sources.Items.GroupBy(s => KeyOf(s.File)).FirstOrDefault(g => g.Count() > 1)?.Key;

    /// <summary>Kind and name of a workload; null where the text is none.</summary>
    public static (string Kind, string Name)? Workload(string text) =>
        text.Split('/') is [var kind, { Length: > 0 } name]
        ? kind.ToLowerInvariant() switch
        {
            "deploy" or "deployment" or "deployments" => ("Deployment", name),
            "sts" or "statefulset" or "statefulsets" => ("StatefulSet", name),
            _ => null,
        }
        : null;

    private static JsonObject Spec(AdoptedSite site, string map, string key)
    {
        var origin = new JsonObject
        {
            ["service"] = new JsonObject { ["name"] = site.Origin.Name, ["port"] = site.Origin.Port },
        };
        if (site.Profiles.Count > 0)
        {
            origin["profile"] = VerdictJson.Texts(site.Profiles);
        }

        var cache = site.Workload is { } given && Workload(given) is var (kind, name)
            ? new JsonObject { ["workload"] = new JsonObject { ["kind"] = kind, ["name"] = name } }
            : new JsonObject { ["managed"] = new JsonObject { ["replicas"] = 2 } };
        var personal = new JsonObject { ["routes"] = VerdictJson.List(site.Personal.Select(Route)) };
        if (Identity(site.Identity) is { Count: > 0 } identity)
        {
            personal["identity"] = identity;
        }

        return new JsonObject
        {
            ["hosts"] = VerdictJson.Texts(site.Hosts),
            ["origin"] = origin,
            ["cache"] = cache,
            ["entrypoints"] = VerdictJson.List([
                new JsonObject { ["service"] = new JsonObject { ["name"] = $"{site.Name}-entry", ["port"] = 80 } },
            ]),
            ["personal"] = personal,
            ["vcl"] = new JsonObject { ["configMap"] = new JsonObject { ["name"] = map, ["key"] = key } },
        };
    }

    private static JsonObject Identity(IdentityCarriers identity)
    {
        var written = new JsonObject();
        foreach (var (field, names) in new[]
        {
            ("cookies", identity.Cookies), ("headers", identity.Headers), ("query", identity.QueryParameters),
        })
        {
            if (names.Count > 0)
            {
                written[field] = VerdictJson.Texts(names.Items);
            }
        }

        return written;
    }

    private static JsonObject Route(RoutePattern pattern) => pattern switch
    {
        ExactPath exact => new JsonObject { ["path"] = exact.Path },
        PathPrefix prefix => new JsonObject { ["pathPrefix"] = prefix.Prefix },
        PathTemplate template => new JsonObject { ["template"] = template.Template },
        PathRegex regex => new JsonObject { ["regex"] = regex.Pattern },
        _ => throw new System.Diagnostics.UnreachableException($"no field is for {pattern.GetType().Name}"),
    };

    private static JsonObject Metadata(string name, AdoptedSite site) =>
        new() { ["name"] = name, ["namespace"] = site.Namespace };

    // Standard input has no name of its own.
    private static string KeyOf(SourceFile file) => Path.GetFileName(file.Name) is var name
        && name == Inputs.InputFiles.StandardInput ? "default.vcl" : name;
}
