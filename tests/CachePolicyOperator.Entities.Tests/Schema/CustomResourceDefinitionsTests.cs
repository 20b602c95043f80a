using CachePolicyOperator.Crds.Schema;
using CachePolicyOperator.TestCluster;
using k8s;

namespace CachePolicyOperator.Entities.Tests.Schema;

/// <summary>What is in crds/, and what a real API server makes of it.</summary>
public sealed class CustomResourceDefinitionsTests(ControlPlaneFixture cluster) : IClassFixture<ControlPlaneFixture>,
    IAsyncLifetime
{
    private static string Folder => Path.Combine(Repository.Root, "crds");

    public async Task InitializeAsync()
    {
        await KubectlAsync("apply", "-f", Folder);
        await KubectlAsync("wait", "--for=condition=Established", "--timeout=60s", "-f", Folder);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public void The_files_are_as_the_classes_say()
    {
        var written = Directory.GetFiles(Folder).Select(f => (Path.GetFileName(f), File.ReadAllText(f))).Order();

        Assert.Equal(CustomResourceDefinitions.All().Order(), written);
    }

    [Fact]
    public async Task The_schemas_are_structural_and_the_names_accepted()
    {
        var definitions = await cluster.Client.ApiextensionsV1.ListCustomResourceDefinitionAsync();

        Assert.Equal(5, definitions.Items.Count(d => d.Spec.Group == ApiGroup.Name));
        Assert.All(definitions.Items.Where(d => d.Spec.Group == ApiGroup.Name), d =>
        {
            Assert.Equal("True", d.Status.Conditions.Single(c => c.Type == "NamesAccepted").Status);
            Assert.DoesNotContain(d.Status.Conditions, c => c is { Type: "NonStructuralSchema", Status: "True" });
        });
    }

    [Fact]
    public async Task Examples_are_applied_and_found_by_short_name_and_category()
    {
        var space = await cluster.NewNamespaceAsync();
        await ApplyAsync(space, "storefront.yaml");
        await ApplyAsync(space, "personal-routes.yaml");

        Assert.Contains("storefront", await KubectlAsync("get", "cpol", "-n", space), StringComparison.Ordinal);
        Assert.Contains("privacy", await KubectlAsync("get", "proutes", "-n", space), StringComparison.Ordinal);
        Assert.Contains("No resources", await KubectlAsync("get", "creview", "-n", space), StringComparison.Ordinal);
        Assert.Contains("No resources", await KubectlAsync("get", "cinc", "-n", space), StringComparison.Ordinal);
        var all = await KubectlAsync("get", "caching", "-n", space, "-o", "name");
        Assert.Contains("cachepolicy.cachepolicy.dev/storefront", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_status_is_a_subresource_and_fills_the_columns()
    {
        var space = await cluster.NewNamespaceAsync();
        await ApplyAsync(space, "storefront.yaml");
        var policies = new GenericClient(cluster.Client, ApiGroup.Name, ApiGroup.Version, CachePolicy.KubePluralName,
            disposeClient: false);
        var policy = await policies.ReadNamespacedAsync<CachePolicy>(space, "storefront");
        policy.Status = new CachePolicyStatus
        {
            ObservedGeneration = policy.Metadata.Generation,
            Level = "Cached",
            Revision = new RevisionStatus { Active = "sha256:0123" },
            Conditions = [
                new Condition { Type = "Proven", Status = "True", LastTransitionTime = "2018-05-01T00:00:00Z",
                Reason = "Proven", Message = "it holds" }],
            Diagnostics = [
                new DiagnosticStatus { Code = "a/b", Path = "spec",
                Witness = new WitnessStatus { Method = "GET", Target = "/", Headers = ["a: b"] } }],
        };

        var unchanged = await policies.ReplaceNamespacedAsync(policy, space, "storefront");
        Assert.Null(unchanged.Status);
        unchanged.Status = policy.Status;
        using var written = await cluster.Client.CustomObjects.ReplaceNamespacedCustomObjectStatusWithHttpMessagesAsync(
            unchanged, ApiGroup.Name, ApiGroup.Version, space, CachePolicy.KubePluralName, "storefront");

        var read = await policies.ReadNamespacedAsync<CachePolicy>(space, "storefront");
        Assert.Equal("sha256:0123", read.Status!.Revision!.Active);
        Assert.Equal("/", read.Status.Diagnostics![0].Witness!.Target);
        Assert.Equal(1, read.Metadata.Generation);
        var row = (await KubectlAsync("get", "cpol", "-n", space, "--no-headers"))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["storefront", "Cached", "True"], row[..3]);
    }

    [Fact]
    public async Task An_unknown_field_reaches_the_reader()
    {
        // Were it pruned, a misspelt `personal.routes` would take a protection away in silence.
        var space = await cluster.NewNamespaceAsync();
        var file = Path.Combine(Path.GetTempPath(), $"{space}.yaml");
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(Repository.Example("storefront.yaml")))
            .Replace("namespace: web", $"namespace: {space}", StringComparison.Ordinal)
            .Replace("    routes:", "    routs:", StringComparison.Ordinal));
        await KubectlAsync("apply", "--validate=false", "-f", file);
        File.Delete(file);
        var policies = new GenericClient(cluster.Client, ApiGroup.Name, ApiGroup.Version, CachePolicy.KubePluralName,
            disposeClient: false);

        var policy = await policies.ReadNamespacedAsync<CachePolicy>(space, "storefront");

        Assert.Contains("routs", policy.Spec.Personal!.Unknown!.Keys);
    }

    [Theory]
    [InlineData("cachepolicy", "rules[].cache.ttl <string>", "How long a response is fresh, for example `1h`")]
    [InlineData("cpol", "personal.routes[].openAPI.configMap.key <string>", "Key within its data.")]
    [InlineData("cpol", "origin.profile <any form>", "How the origin reads paths")]
    [InlineData("personalroutes", "routes[].pathPrefix <string>", "The path and everything below it")]
    [InlineData("cachereview", "verdict <string>", "`Approved` or `Rejected`")]
    [InlineData("cacheincident", "trigger.kind <string>", "Stable code")]
    public async Task Kubectl_explain_tells_every_field_of_a_spec_whatever_the_version_of_the_server(
        string kind, string field, string about)
    {
        var told = await Eventually.GetAsync(
            "the server publishes the schema",
            async _ => await RunAsync("explain", $"{kind}.spec") is { ExitCode: 0 } run ? run.Text : null);

        var lines = told.Split('\n').Select(l => l.Trim()).ToList();
        Assert.Contains(field, lines);
        Assert.StartsWith(about, lines[lines.IndexOf(field) + 1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("port: 8080", "port: eighty")]
    [InlineData("port: 8080", "port: 1e300")]
    [InlineData("hosts: [www.example.com]", "hosts: [null]")]
    [InlineData("ttl: 1h", "ttl: 5")]
    public async Task What_would_not_be_an_entity_is_refused_by_the_server(string written, string wrong)
    {
        // One object that cannot be read as an entity would blind a watch.
        var space = await cluster.NewNamespaceAsync();
        var file = Path.Combine(Path.GetTempPath(), $"{space}.yaml");
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(Repository.Example("storefront.yaml")))
            .Replace("namespace: web", $"namespace: {space}", StringComparison.Ordinal)
            .Replace(written, wrong, StringComparison.Ordinal));

        var result = await RunAsync("apply", "--validate=false", "-f", file);

        File.Delete(file);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("invalid", result.Text, StringComparison.OrdinalIgnoreCase);
    }

    private async Task ApplyAsync(string space, string example)
    {
        var file = Path.Combine(Path.GetTempPath(), $"{space}-{example}");
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(Repository.Example(example)))
            .Replace("namespace: web", $"namespace: {space}", StringComparison.Ordinal));
        await KubectlAsync("apply", "-f", file);
        File.Delete(file);
    }

    private async Task<string> KubectlAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.True(result.ExitCode == 0, $"kubectl {string.Join(' ', arguments)}\n{result.Text}");
        return result.Text;
    }

    private async Task<ProcessResult> RunAsync(params string[] arguments) =>
        await ChildProcess.RunAsync(
            new ChildProcessOptions(Assets.Kubectl,
                ["--kubeconfig", cluster.ControlPlane.KubeconfigPath, .. arguments]), CancellationToken.None);
}
