using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace CachePolicyOperator.TestCluster.Tests;

public sealed class ControlPlaneTests(ControlPlaneFixture fixture) : IClassFixture<ControlPlaneFixture>
{
    [Fact]
    public async Task The_api_server_keeps_what_it_is_given()
    {
        var space = await fixture.NewNamespaceAsync();
        var map = new V1ConfigMap
        {
            Metadata = new V1ObjectMeta { Name = "a" },
            Data = new Dictionary<string,
            string>
            { ["k"] = "v" }
        };

        await fixture.Client.CoreV1.CreateNamespacedConfigMapAsync(map, space);

        var read = await fixture.Client.CoreV1.ReadNamespacedConfigMapAsync("a", space);
        Assert.Equal("v", read.Data["k"]);
    }

    [Fact]
    public async Task Real_kubectl_works_with_the_kubeconfig_file()
    {
        var space = await fixture.NewNamespaceAsync();

        var result = await ChildProcess.RunAsync(
            new ChildProcessOptions(Assets.Kubectl,
                ["--kubeconfig", fixture.ControlPlane.KubeconfigPath, "get", "namespace", space, "-o", "name"]),
            CancellationToken.None);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal($"namespace/{space}", result.Text);
    }

    [Fact]
    public async Task A_service_account_may_do_what_its_role_says_and_nothing_else()
    {
        var space = await fixture.NewNamespaceAsync();
        await BindAsync(space, "default",
            new V1PolicyRule { ApiGroups = [""], Resources = ["configmaps"], Verbs = ["list"] });
        using var client = fixture.ControlPlane.CreateClient(
            await fixture.ControlPlane.ServiceAccountConfigurationAsync(space, "default"));

        await client.CoreV1.ListNamespacedConfigMapAsync(space);
        var refused =
            await Assert.ThrowsAsync<HttpOperationException>(() => client.CoreV1.ListNamespacedSecretAsync(space));

        Assert.Equal(HttpStatusCode.Forbidden, refused.Response.StatusCode);
    }

    [Fact]
    public async Task A_service_accounts_kubeconfig_file_works_too()
    {
        var space = await fixture.NewNamespaceAsync();
        await BindAsync(space, "default",
            new V1PolicyRule { ApiGroups = [""], Resources = ["configmaps"], Verbs = ["list"] });
        var path = await fixture.ControlPlane.WriteServiceAccountKubeconfigAsync(space, "default");

        using var client =
            fixture.ControlPlane.CreateClient(KubernetesClientConfiguration.BuildConfigFromConfigFile(path));

        await client.CoreV1.ListNamespacedConfigMapAsync(space);
        await Assert.ThrowsAsync<HttpOperationException>(() => client.CoreV1.ListNamespaceAsync());
    }

    [Fact]
    public async Task The_state_outlives_an_outage_of_the_api_server()
    {
        await using var controlPlane = await ControlPlane.StartAsync();
        var space = await controlPlane.CreateNamespaceAsync();

        await controlPlane.StopApiServerAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => controlPlane.Client.CoreV1.ReadNamespaceAsync(space));
        await controlPlane.StartApiServerAsync();

        Assert.Equal(space, (await controlPlane.Client.CoreV1.ReadNamespaceAsync(space)).Metadata.Name);
    }

    [Fact]
    public async Task A_flag_that_the_api_server_refuses_is_told_with_its_log()
    {
        var failure = await Assert.ThrowsAsync<ProcessEndedException>(() =>
            ControlPlane.StartAsync(new ControlPlaneOptions { ApiServerArguments = ["--no-such-flag"] }));

        Assert.Contains("--no-such-flag", failure.Message, StringComparison.Ordinal);
    }

    private async Task BindAsync(string space, string account, V1PolicyRule rule)
    {
        await fixture.Client.RbacAuthorizationV1.CreateNamespacedRoleAsync(
            new V1Role { Metadata = new V1ObjectMeta { Name = "r" }, Rules = [rule] }, space);
        await fixture.Client.RbacAuthorizationV1.CreateNamespacedRoleBindingAsync(
            new V1RoleBinding
            {
                Metadata = new V1ObjectMeta { Name = "r" },
                RoleRef = new V1RoleRef { ApiGroup = "rbac.authorization.k8s.io", Kind = "Role", Name = "r" },
                Subjects = [new Rbacv1Subject { Kind = "ServiceAccount", Name = account, NamespaceProperty = space }],
            },
            space);
    }
}
