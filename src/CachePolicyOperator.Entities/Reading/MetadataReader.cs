using System.Diagnostics.CodeAnalysis;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>Reads what all our kinds share: version, kind, name and namespace.</summary>
internal static class MetadataReader
{
    public const string DefaultNamespace = "default";

    /// <summary>The name, or an empty one, with a diagnostic, where there is none.</summary>
    public static ResourceName Read(Document document, string kind, Findings findings)
    {
        foreach (var field in document.Root.Fields.Where(
            f => f.Name is not ("apiVersion" or "kind" or "metadata" or "spec" or "status")))
        {
            findings.Error("field/unknown", Quoted.Plain(field.Name),
                $"there is no field {Quoted.Text(field.Name)} here",
                findings.IsFull ? null : Suggestion.For(field.Name, ["apiVersion", "kind", "metadata", "spec"]));
        }

        if (document.Root.Kind != NodeKind.Map || document.ApiVersion != ApiGroup.NameAndVersion
            || document.Kind != kind)
        {
            findings.Error("kind/unknown", "kind", $"this is no {kind} of `{ApiGroup.NameAndVersion}`",
                $"begin it with `apiVersion: {ApiGroup.NameAndVersion}` and `kind: {kind}`");
        }

        var space = document.Namespace ?? DefaultNamespace;
        if (document.Name is not { Length: > 0 } name)
        {
            findings.Error("field/missing", "metadata.name", "`name` is missing", "name the object");
            return new ResourceName(space, "");
        }

        if (!Names.IsSubdomain(name))
        {
            findings.Error("name/invalid", "metadata.name", $"{Quoted.Text(name)} is no name of an object",
                "Kubernetes allows lower-case letters, digits, `-` and `.`, at most 253 characters");
        }

        return new ResourceName(space, name);
    }

    /// <summary>The spec; reports where it is missing.</summary>
    public static FieldReader Spec<[DynamicallyAccessedMembers(FieldNames.Kept)] TSpec>(
        Document document, Findings findings)
    {
        if (document.Root.Find("spec") is not { } spec)
        {
            findings.Error("field/missing", "spec", "`spec` is missing", "write what is wanted under `spec:`");
            return FieldReader.Of<TSpec>(null, "spec", findings);
        }

        return FieldReader.Of<TSpec>(spec, "spec", findings);
    }
}
