using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Operator.Surroundings;
using CachePolicyOperator.Operator.Tests.Cluster;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Operator.Tests.Surroundings;

public sealed class WorkloadCheckTests
{
    public static TheoryData<string, string, string> Faults() => new()
    {
        { "workload/no-agent", "name: agent", "name: other" },
        { "workload/no-certificate", "key: storefront.crt", "key: another.crt" },
        { "workload/engine", "varnish:7.7", "varnish:6.0.13" },
        { "workload/engine", "varnish:7.7", "vinyl-cache:10.1-alpine" },
        { "workload/parameters", "-b, none", "-b, none, -p, max_restarts=20" },
        { "workload/parameters", "-b, none", "-b, none, -pfeature=+http2" },
        { "workload/no-admin", "-T, \"$(POD_IP):6082\", ", "" },
        { "workload/no-admin", "-b, none", "-b, none, -S, none" },
    };

    [Fact]
    public void What_the_documentation_says_is_well() => Assert.Empty(Check(Manifests.CacheWithAgent()));

    [Theory]
    [MemberData(nameof(Faults))]
    public void What_lets_the_unproven_serve_is_an_error(string code, string well, string ill)
    {
        var manifest = Manifests.CacheWithAgent();
        Assert.Contains(well, manifest, StringComparison.Ordinal);
        if (code == "workload/no-agent")
        {
            manifest = manifest.Replace("--varnish-admin", "--nothing", StringComparison.Ordinal)
                .Replace("cachepolicy-agent:", "other:", StringComparison.Ordinal);
        }

        Assert.Contains(Check(manifest.Replace(well, ill, StringComparison.Ordinal)),
            d => d.Code == code && d.Severity == Severity.Error);
    }

    [Fact]
    public void Without_the_gate_a_VCL_to_start_with_is_an_error_and_nothing_else_than_a_warning()
    {
        var without = Manifests.CacheWithAgent()
            .Replace("readinessGates: [{conditionType: cachepolicy.dev/proven}]", "", StringComparison.Ordinal);

        Assert.Equal(("workload/no-gate", Severity.Warning),
            Assert.Single(Check(without).Select(d => (d.Code, d.Severity))));
        Assert.Contains(
            Check(without.Replace("-b, none", "-f, /etc/varnish/default.vcl", StringComparison.Ordinal)),
            d => d is { Code: "workload/unproven-start", Severity: Severity.Error });
        Assert.Empty(
            Check(Manifests.CacheWithAgent()
            .Replace("-b, none", "-f, /etc/varnish/default.vcl", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_lifetime_by_parameter_is_a_warning() => Assert.Equal(
        ("workload/lifetimes", Severity.Warning),
        Assert.Single(
            Check(Manifests.CacheWithAgent()
            .Replace("-b, none", "-b, none, -p, default_ttl=3600", StringComparison.Ordinal))
            .Select(d => (d.Code, d.Severity))));

    private static IReadOnlyList<Diagnostic> Check(string manifest) =>
        [.. WorkloadCheck.Of("Deployment `storefront-cache`", "storefront",
            KubernetesYaml.Deserialize<V1Deployment>(manifest).Spec.Template.Spec)];
}
