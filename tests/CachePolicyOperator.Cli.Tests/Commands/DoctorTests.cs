using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Entities;
using CachePolicyOperator.TestCluster;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;

namespace CachePolicyOperator.Cli.Tests.Commands;

/// <summary>What is broken in a real cluster is found, with a remedy.</summary>
[Collection(nameof(UsesKinds))]
public sealed class DoctorTests(ControlPlaneFixture cluster) : IClassFixture<ControlPlaneFixture>, IAsyncLifetime
{
    private string _space = "";

    public async Task InitializeAsync()
    {
        await KubectlAsync("apply", "-f", Repository.Crds);
        await KubectlAsync("wait", "--for=condition=Established", "--timeout=60s", "-f", Repository.Crds);
        _space = await cluster.NewNamespaceAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_cluster_without_an_operator_is_not_well_and_says_how_to_get_one()
    {
        var run = await RunAsync("--operator-namespace", _space);

        Assert.Equal((1, ""), (run.ExitCode, run.Error));
        Assert.Contains("well     kinds         all", run.Out, StringComparison.Ordinal);
        Assert.Contains("problem  webhook       no webhook is registered", run.Out, StringComparison.Ordinal);
        Assert.Contains("problem  webhook       a policy that says nothing would get in", run.Out,
            StringComparison.Ordinal);
        Assert.Contains($"problem  operator      there is no pod of the operator in namespace {_space}", run.Out,
            StringComparison.Ordinal);
        Assert.Contains("help: install it (docs/install.md)", run.Out, StringComparison.Ordinal);
        Assert.Contains("problem  operator      nobody leads", run.Out, StringComparison.Ordinal);
        Assert.EndsWith("to be known\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kind_that_is_older_than_the_program_is_named_with_the_field_that_it_lacks()
    {
        await KubectlAsync(
            "patch", "crd", "cachereviews.cachepolicy.dev", "--type=json",
            "-p", """[{"op": "remove", "path": "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/comment"}]""");

        var found = await FindAsync();

        Assert.Contains(found,
            f => f.Is("Problem", "kinds",
            "`cachereviews.cachepolicy.dev` is older than this program: it does not know `spec.comment`")
            && f.Remedy.Contains("helm show crds", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_webhook_that_nobody_answers_with_a_certificate_that_has_ended_is_found()
    {
        await KubectlAsync("label", "namespace", _space, "doctor=here");
        await cluster.Client.AdmissionregistrationV1.CreateValidatingWebhookConfigurationAsync(
            new V1ValidatingWebhookConfiguration
            {
                Metadata = new V1ObjectMeta { Name = _space },
                Webhooks =
            [
                new V1ValidatingWebhook
                {
                    Name = $"cachepolicies.{ApiGroup.Name}",
                    AdmissionReviewVersions = ["v1"],
                    SideEffects = "None",
                    FailurePolicy = "Fail",
                    NamespaceSelector =
                        new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["doctor"] = "here" } },
                    ClientConfig = new Admissionregistrationv1WebhookClientConfig { Url = "https://127.0.0.1:1/",
                        CaBundle = EndedCertificate() },
                    Rules = [
                        new V1RuleWithOperations { ApiGroups = [ApiGroup.Name], ApiVersions = ["*"], Resources = ["*"],
                        Operations = ["CREATE"] }],
                },
            ],
            });

        // The API server takes a moment to ask whom it was told to ask.
        await Eventually.TrueAsync("the webhook to be asked", async _ =>
        {
            var found = await FindAsync();
            return found.Any(f => f.Is("Problem", "webhook", "the API server gets no answer"))
                && found.Any(
                    f => f.Is("Problem", "webhook",
                    "whom the API server is to trust: the certificate ended at 2018-05-02"));
        });
        await cluster.Client.AdmissionregistrationV1.DeleteValidatingWebhookConfigurationAsync(_space);
    }

    [Fact]
    public async Task An_operator_that_is_not_ready_or_of_another_version_or_leads_no_more_is_found()
    {
        await cluster.Client.CoreV1.CreateNamespacedPodAsync(
            new V1Pod
            {
                Metadata = new V1ObjectMeta
                {
                    Name = "operator-0",
                    Labels = new Dictionary<string,
                    string>
                    { ["app.kubernetes.io/name"] = "cache-policy-operator" }
                },
                Spec = new V1PodSpec
                {
                    Containers = [
                    new V1Container { Name = "operator", Image = "registry.example.com/cachepolicy-operator:0.0.9" }]
                },
            },
            _space);
        await cluster.Client.CoordinationV1.CreateNamespacedLeaseAsync(
            new V1Lease
            {
                Metadata = new V1ObjectMeta { Name = "cachepolicy-operator" },
                Spec = new V1LeaseSpec
                {
                    HolderIdentity = "operator-0",
                    LeaseDurationSeconds = 15,
                    RenewTime = new DateTime(2018, 5, 1, 0, 0, 0, 1, DateTimeKind.Utc)
                },
            },
            _space);

        var found = await FindAsync();

        Assert.Contains(found, f => f.Is("Problem", "operator", $"{_space}/operator-0 is not ready"));
        Assert.Contains(found, f => f.Is("Note", "operator", $"{_space}/operator-0 is of version 0.0.9"));
        Assert.Contains(found,
            f => f.Is("Problem", "operator", "operator-0 said ")
            && f.Message.EndsWith("and nothing since", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Policies_that_are_not_well_agents_that_do_not_answer_and_certificates_that_end_are_found()
    {
        await cluster.Client.CoreV1.CreateNamespacedSecretAsync(
            new V1Secret
            {
                Metadata = new V1ObjectMeta { Name = "cachepolicy-agents" },
                Data = new Dictionary<string,
                byte[]>
                { ["storefront.crt"] = EndedCertificate() }
            }, _space);
        var policy = await new GenericClient(cluster.Client, ApiGroup.Name, ApiGroup.Version,
            CachePolicy.KubePluralName, disposeClient: false)
            .CreateNamespacedAsync(
                new CachePolicy
                {
                    Metadata = new V1ObjectMeta { Name = "storefront" },
                    Spec = new CachePolicySpec { Hosts = ["a"] }
                }, _space);
        policy.Status = new CachePolicyStatus
        {
            ObservedGeneration = policy.Metadata.Generation,
            Level = "NoCache",
            Conditions =
                [new Condition { Type = "Guarded", Status = "False", Reason = "NotWatching", Message = "0 of 1" }],
            Rollout = new RolloutStatus
            {
                Pods = new RolloutPodsStatus
                {
                    Total = 1,
                    Seen = [new RolloutPodStatus { Name = "cache-0", Trouble = "no agent answers on 10.0.0.7:8443" }]
                }
            },
        };
        using var written = await cluster.Client.CustomObjects.ReplaceNamespacedCustomObjectStatusWithHttpMessagesAsync(
            policy, ApiGroup.Name, ApiGroup.Version, _space, CachePolicy.KubePluralName, "storefront");

        await KubectlAsync("patch", "cpol", "storefront", "-n", _space, "--type=merge", "-p",
            """{"spec": {"hosts": ["b"]} }""");

        var found = await FindAsync();

        Assert.Contains(found,
            f => f.Is("Problem", "policies",
            $"{_space}/storefront: no operator has looked at it since it was changed"));
        Assert.Contains(found,
            f => f.Is("Problem", "policies", $"{_space}/storefront: Guarded is False, NotWatching: 0 of 1"));
        Assert.Contains(found,
            f => f.Is("Problem", "policies",
            $"{_space}/storefront: agent of pod cache-0: no agent answers on 10.0.0.7:8443"));
        Assert.Contains(found,
            f => f.Is("Problem", "certificates",
            $"{_space}/cachepolicy-agents storefront.crt: the certificate ended at 2018-05-02"));
        Assert.All(found.Where(f => f.Health == "Problem"), f => Assert.NotEqual("", f.Remedy));
    }

    [Fact]
    public async Task Who_may_nothing_is_told_what_he_lacks_and_gets_notes_for_what_cannot_be_seen()
    {
        var user = cluster.ControlPlane.WriteUserKubeconfig("nobody");

        var run = await CliRun.OfAsync("doctor", "-n", _space, "--kubeconfig", user);

        Assert.Equal((1, ""), (run.ExitCode, run.Error));
        Assert.Contains($"problem  rights        you may not, in namespace {_space}: list cachepolicies, for `status`",
            run.Out, StringComparison.Ordinal);
        Assert.Contains("note     webhook       you may not read webhook configurations", run.Out,
            StringComparison.Ordinal);
        Assert.Contains(
            "note     kinds         `cachepolicies.cachepolicy.dev` is there; which fields it has you may not read",
            run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_that_goes_otherwise_than_the_servers_is_found()
    {
        var output = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal(() => Stream.Null, output, TextWriter.Null, false, _ => null,
            new FakeTimeProvider(DateTimeOffset.UnixEpoch));

        await new CommandLine(terminal)
            .InvokeAsync(["doctor", "-n", _space, "--kubeconfig", cluster.ControlPlane.KubeconfigPath],
            CancellationToken.None);

        Assert.Matches("problem  server        the clock of this machine is [0-9]+ s behind the API server's\n",
            output.ToString());
    }

    private async Task<IReadOnlyList<Told>> FindAsync()
    {
        var run = await RunAsync("--operator-namespace", _space, "-o", "json");
        Assert.Equal((1, ""), (run.ExitCode, run.Error));
        return
        [
            .. JsonDocument.Parse(run.Out).RootElement.GetProperty("findings").EnumerateArray().Select(f => new Told(
                f.GetProperty("health").GetString()!, f.GetProperty("area").GetString()!,
                    f.GetProperty("message").GetString()!, f.GetProperty("remedy").GetString() ?? "")),
        ];
    }

    private Task<CliRun> RunAsync(params string[] args) =>
        CliRun.OfAsync(["doctor", .. args, "-n", _space, "--kubeconfig", cluster.ControlPlane.KubeconfigPath]);

    private async Task KubectlAsync(params string[] arguments)
    {
        var result = await ChildProcess.RunAsync(
            new ChildProcessOptions(Assets.Kubectl,
                ["--kubeconfig", cluster.ControlPlane.KubeconfigPath, .. arguments]), CancellationToken.None);
        Assert.True(result.ExitCode == 0, $"kubectl {string.Join(' ', arguments)}\n{result.Text}");
    }

    private static byte[] EndedCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=ended", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(
            new DateTimeOffset(2018, 5, 1, 0, 0, 0, TimeSpan.Zero),
                new DateTimeOffset(2018, 5, 2, 0, 0, 0, TimeSpan.Zero));
        return Encoding.UTF8.GetBytes(certificate.ExportCertificatePem());
    }

    private sealed record Told(string Health, string Area, string Message, string Remedy)
    {
        public bool Is(string health, string area, string message) =>
            Health == health && Area == area && Message.StartsWith(message, StringComparison.Ordinal);
    }
}
