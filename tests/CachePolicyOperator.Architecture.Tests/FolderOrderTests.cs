namespace CachePolicyOperator.Architecture.Tests;

/// <summary>
/// The order of the folders of each project. To see what a new folder may know, put it where it belongs and run this.
/// </summary>
[Collection(nameof(SourceTree))]
public sealed class FolderOrderTests(SourceTree source)
{
    // The empty name is the project's own directory.
    private static readonly FolderOrder[] Orders =
    [
        new("CachePolicyOperator.Core",
        [
            "", "Diagnostics", "HeaderFields", "Routes/Automata", "Routes/Regex", "Routes", "Routes/Origins", "Model",
                "Personal",
            "Vcl", "Vcl/Variables", "Vcl/Syntax", "Vcl/Builtin", "Vcl/Semantics", "Vcl/Render",
            "Verification", "Verification/Values", "Verification/Program", "Verification/State",
            "Verification/Execution", "Verification/Exploration", "Verification/Flows", "Verification/Properties",
            "Verification/Confirming", "Verification/Questions",
            "Verification/Policies", "Verification/Proving",
            "Invalidations", "AgentProtocol", "Incidents", "Reviews", "Rollout",
        ]),
        new("CachePolicyOperator.Entities", ["Attributes", "Documents", "", "OpenApi", "Reading"]),
        new("CachePolicyOperator.Runtime",
        [
            "Abstractions", "Acts", "Metrics", "Queues", "Options", "Client", "Events", "Informers", "LeaderElection",
            "Controllers", "Webhooks", "Hosting",
        ]),
        new("CachePolicyOperator.Operator",
        [
            "Objects", "Metrics", "Certificates", "Agents", "Revisions", "Policies", "Rollouts", "Managed", "Entries",
                "Surroundings", "Incidents", "Trials",
            "Invalidations", "Reviews", "Proofs", "Webhooks", "Hosting", "",
        ]),
        new("CachePolicyOperator.Agent",
        [
            "Acts", "Varnish", "SharedLog", "Metrics", "State", "Events", "Guard", "Switching", "Trials", "Leaks",
                "Orders", "Supervision",
            "Server", "Hosting", "",
        ]),
        new("CachePolicyOperator.Crds", ["Schema", ""]),
        new("CachePolicyOperator.Cli",
            ["Terminals", "Replay", "Cluster", "Inputs", "Output", "Doctor", "Commands", ""]),
    ];

    public static TheoryData<string> Projects() => [.. Orders.Select(o => o.Project)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_folder_names_what_stands_in_a_later_one(string project)
    {
        var order = Orders.Single(o => o.Project == project);

        var violations = order.Violations(source.Projects[project], source.Compiled(project)).ToArray();

        Assert.True(violations.Length == 0, string.Join('\n', violations));
    }

    [Fact]
    public void Every_project_of_src_has_its_order() =>
        Assert.Equal(
            source.Projects.Keys.Order(StringComparer.Ordinal),
            Orders.Select(o => o.Project).Order(StringComparer.Ordinal));
}
