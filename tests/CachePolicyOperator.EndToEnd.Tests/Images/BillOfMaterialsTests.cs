using System.Text.Json.Nodes;

namespace CachePolicyOperator.EndToEnd.Tests.Images;

[Trait("Category", "Slow")]
public sealed class BillOfMaterialsTests
{
    [Theory]
    [InlineData("operator", "libssl3t64", "KubernetesClient", "Microsoft.AspNetCore.App.Runtime.linux-x64",
        "Microsoft.NETCore.App.Runtime.linux-x64", "CachePolicyOperator.Core", "cachepolicy-operator")]
    [InlineData("agent", "libvarnishapi3", "Microsoft.NETCore.App.Runtime.NativeAOT.linux-x64",
        "Microsoft.AspNetCore.App.Runtime.linux-x64", "OpenTelemetry", "CachePolicyOperator.Core", "cachepolicy-agent")]
    [InlineData("varnish", "varnish", "libc6", "gcc-14-x86-64-linux-gnu", "coreutils")]
    [InlineData("vinyl", "vinyl-cache", "libc6", "libjemalloc2", "coreutils")]
    public void Every_image_has_its_bill_of_materials_beside_it(string name, params string[] expected)
    {
        var image = BuiltImage.Find(name);
        var document = JsonNode.Parse(File.ReadAllText(image.SbomPath))!;
        var packages = document["packages"]!.AsArray();
        var ids = packages.Select(p => (string)p!["SPDXID"]!).ToList();

        Assert.Equal("SPDX-2.3", (string?)document["spdxVersion"]);
        Assert.Equal($"{image.Reference} {image.Digest}", $"{packages[0]!["name"]} {packages[0]!["versionInfo"]}");
        Assert.Empty(expected.Except(packages.Select(p => (string)p!["name"]!)));
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.Equal(
            ids.Order(StringComparer.Ordinal),
            document["relationships"]!.AsArray().Select(r => (string)r!["relatedSpdxElement"]!)
                .Order(StringComparer.Ordinal));
        // What was only needed to install the others is neither in the image nor told.
        Assert.DoesNotContain(packages, p => (string?)p!["name"] is "systemd" or "debconf");
    }
}
