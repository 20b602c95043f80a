using Microsoft.CodeAnalysis;

namespace CachePolicyOperator.Architecture.Tests;

/// <summary>Who may know whom between projects, and which packages a project may be built on.</summary>
[Collection(nameof(SourceTree))]
public sealed class ProjectOrderTests(SourceTree source)
{
    private const string Prefix = "CachePolicyOperator.";

    /// <summary>A project, the projects and the packages that it names; what is not here is not allowed.</summary>
    public static TheoryData<string, string[], string[]> Allowed() => new()
    {
        { "Core", [], [] },
        { "Entities", ["Core"], ["KubernetesClient", "YamlDotNet"] },
        { "Runtime", [],
            ["KubernetesClient", "OpenTelemetry.Exporter.Prometheus.AspNetCore", "OpenTelemetry.Extensions.Hosting"] },
        { "Operator", ["Entities", "Runtime"], [] },
        { "Agent", ["Core"], ["OpenTelemetry.Exporter.Prometheus.AspNetCore", "OpenTelemetry.Extensions.Hosting"] },
        { "Cli", ["Core", "Entities"], ["KubernetesClient.Aot", "System.CommandLine"] },
        { "Crds", ["Entities"], [] },
    };

    [Theory]
    [MemberData(nameof(Allowed))]
    public void A_project_knows_only_what_it_may(string project, string[] projects, string[] packages)
    {
        var actual = source.Projects[Prefix + project];

        Assert.Equal(projects.Select(p => Prefix + p), actual.Projects.Order(StringComparer.Ordinal));
        Assert.Equal(packages, actual.Packages.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_project_of_src_has_its_row() =>
        Assert.Equal(
            source.Projects.Keys.Order(StringComparer.Ordinal),
            Allowed().Select(row => Prefix + row[0]).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Allowed))]
    public void Nothing_is_left_unread_but_what_generators_write(string project, string[] projects, string[] packages)
    {
        _ = (projects, packages);
        var errors = source.Compiled(Prefix + project).GetDiagnostics()
            .Where(d => d.Severity == DiagnosticSeverity.Error);

        // CS8795: a partial method whose body a source generator writes.
        Assert.Equal([], errors.Where(d => d.Id != "CS8795").Select(d => d.ToString()));
    }
}
