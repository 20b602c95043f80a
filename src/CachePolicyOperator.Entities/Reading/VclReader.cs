using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>Reads where hand-written VCL is, and its text.</summary>
internal static class VclReader
{
    private const int LongestInline = 262_144;

    private const string Help =
        "name its ConfigMap, `configMap: {name: …, key: default.vcl}`, or write it below `inline: |`";

    public static VclSource? Read(FieldReader spec, IConfigMaps configMaps, string inNamespace)
    {
        var vcl = spec.Map<VclSpec>("vcl");
        if (vcl.Given("configMap", "inline") is [_, _])
        {
            vcl.Findings.Error("field/conflict", vcl.Path, "both `configMap` and `inline` are given",
                "keep the one that varnishd is to load");
            return null;
        }

        if (vcl.Has("inline"))
        {
            var key = vcl.At("inline");
            return vcl.Text("inline", LongestInline) is { } text
                ? new VclSource(null, key, [new KeyedText(key, text)])
                : null;
        }

        return ConfigMapText.Read(vcl, Help, configMaps, inNamespace) is { } found
            ? new VclSource(found.Name, found.Key, TextsOf(found))
            : null;
    }

    private static EquatableList<KeyedText> TextsOf(ConfigMapText found) =>
        found.Texts.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => new KeyedText(t.Key, t.Value))
            .ToEquatableList();
}
