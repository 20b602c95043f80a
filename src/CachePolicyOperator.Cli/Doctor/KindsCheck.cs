using System.Text.Json;
using CachePolicyOperator.Cli.Cluster;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Cli.Doctor;

/// <summary>Whether the kinds are there, and know every field that those of this program have.</summary>
internal static class KindsCheck
{
    private const string Area = "kinds";
    private const string Prefix = "crds/";
    private const string Remedy =
        "`helm show crds charts/cache-policy-operator | kubectl apply --server-side --force-conflicts -f -` brings the "
            + "kinds of this version";

    public static async Task<IReadOnlyList<Finding>> RunAsync(
        Examination examination, CancellationToken cancellationToken)
    {
        var found = new List<Finding>();
        foreach (var resource in typeof(KindsCheck).Assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            found.Add(await CheckAsync(Read(resource), examination, cancellationToken));
        }

        return found.All(f => f.Health == Health.Well)
            ? [Finding.Well(Area, $"all {found.Count} kinds are there and have every field of this version")]
            : [.. found.Where(f => f.Health != Health.Well)];
    }

    private static async Task<Finding> CheckAsync(
        Document ours, Examination examination, CancellationToken cancellationToken)
    {
        var name = ours.Name!;
        var answer = await examination.Server.AskAsync($"apis/apiextensions.k8s.io/v1/customresourcedefinitions/{name}",
            null, cancellationToken);
        if (answer.IsForbidden)
        {
            // Everybody may ask which kinds there are.
            var kinds = await examination.Server.AskAsync($"apis/{ApiGroup.NameAndVersion}", null, cancellationToken);
            return kinds.Body.Items("resources").Any(r => r.Text("name") == name.Split('.')[0])
                ? Finding.Note(Area, $"`{name}` is there; which fields it has you may not read")
                : NotThere(name);
        }

        if (!answer.IsWell)
        {
            return NotThere(name);
        }

        if (!answer.Body.Items("status", "conditions")
            .Any(c => c.Text("type") == "Established" && c.Text("status") == "True"))
        {
            return Finding.Problem(Area, $"`{name}` is not established", $"`kubectl describe crd {name}` says why");
        }

        var schema = ours.Root.Find("spec")?.Find("versions")?.Items[0].Find("schema")?.Find("openAPIV3Schema");
        var theirs = answer.Body.Items("spec", "versions").FirstOrDefault(v => v.Text("name") == ApiGroup.Version);
        var missing = Missing(schema, theirs.At("schema", "openAPIV3Schema"), "").ToArray();
        return missing.Length == 0
            ? Finding.Well(Area, name)
            : Finding.Problem(
                Area,
                $"`{name}` is older than this program: it does not know "
                    + $"`{missing[0]}`{(missing.Length > 1 ? $" and {missing.Length - 1} more" : "")}, and the API "
                    + "server may drop it",
                Remedy);
    }

    private static Finding NotThere(string name) => Finding.Problem(Area, $"`{name}` is not there", Remedy);

    /// <summary>Fields that ours has and theirs has not; below one that is missing, nothing.</summary>
    private static IEnumerable<string> Missing(DocumentNode? ours, JsonElement theirs, string path)
    {
        foreach (var field in ours?.Find("properties")?.Fields ?? [])
        {
            var (below, other) =
                ($"{path}{(path.Length > 0 ? "." : "")}{field.Name}", theirs.At("properties", field.Name));
            if (other.ValueKind == JsonValueKind.Undefined)
            {
                yield return below;
                continue;
            }

            foreach (var missing in Missing(field.Value, other, below))
            {
                yield return missing;
            }
        }

        if (ours?.Find("items") is { } item)
        {
            foreach (var missing in Missing(item, theirs.At("items"), $"{path}[]"))
            {
                yield return missing;
            }
        }
    }

    private static Document Read(string resource)
    {
        using var stream = typeof(KindsCheck).Assembly.GetManifestResourceStream(resource)!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return YamlDocuments.Read(bytes.ToArray(), null).Documents[0];
    }
}
