using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Entities;
using CachePolicyOperator.TestCluster;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;

namespace CachePolicyOperator.Cli.Tests.Commands;

/// <summary>The commands that ask a cluster, on a real API server.</summary>
[Collection(nameof(UsesKinds))]
public sealed class ClusterTests(ControlPlaneFixture cluster) : IClassFixture<ControlPlaneFixture>, IAsyncLifetime
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private string _space = "";

    public async Task InitializeAsync()
    {
        await KubectlAsync("apply", "-f", Repository.Crds);
        await KubectlAsync("wait", "--for=condition=Established", "--timeout=60s", "-f", Repository.Crds);
        _space = await cluster.NewNamespaceAsync();
        var file = Path.Combine(Path.GetTempPath(), $"{_space}.yaml");
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(Repository.Example("storefront.yaml")))
            .Replace("namespace: web", $"namespace: {_space}", StringComparison.Ordinal));
        await KubectlAsync("apply", "-f", file);
        File.Delete(file);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_fallback_and_a_return_are_ordered_by_annotation()
    {
        var fallback = await RunAsync("fallback", "storefront", "--level", "Bypassed", "--reason",
            "a customer's \"page\" was shown", "--wait=false");

        Assert.Equal((0, ""), (fallback.ExitCode, fallback.Error));
        var annotations = (await PolicyAsync()).Metadata.Annotations;
        Assert.Equal("Bypassed", annotations[PolicyAnnotations.Fallback]);
        Assert.Equal("a customer's \"page\" was shown", annotations[PolicyAnnotations.FallbackReason]);

        await OpenIncidentAsync();
        var back = await RunAsync("return", "storefront", "--revision", Digest, "--wait=false");

        Assert.Equal((0, ""), (back.ExitCode, back.Error));
        annotations = (await PolicyAsync()).Metadata.Annotations;
        Assert.Equal(Digest, annotations[PolicyAnnotations.Return]);
        Assert.DoesNotContain(PolicyAnnotations.Fallback, annotations.Keys);
        Assert.DoesNotContain(PolicyAnnotations.FallbackReason, annotations.Keys);
    }

    [Fact]
    public async Task A_return_waits_until_it_is_granted_and_names_the_revision()
    {
        await OpenIncidentAsync();
        await ProveAsync(Digest);
        var answered = AnswerAsync(i => (i.Phase, i.ReturnedWith) = ("Returned", Digest));

        var back = await RunAsync("return", "storefront", "--revision", Digest["sha256:".Length..][..12]);

        Assert.Equal(Digest, await answered);
        Assert.Equal((0, ""), (back.ExitCode, back.Error));
        Assert.Contains($"the cache returns with {Digest}", back.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_return_that_is_refused_says_why_and_fails()
    {
        await OpenIncidentAsync();
        var answered = AnswerAsync(
            i => i.Timeline = [
            new IncidentEntryStatus { Time = "2018-05-01T11:00:00Z", Actor = "operator",
            What = "revision `a` is not proven" }]);

        var back = await RunAsync("return", "storefront", "--revision", Digest);

        await answered;
        Assert.Equal((1, ""), (back.ExitCode, back.Out));
        Assert.Contains("the return is refused: revision `a` is not proven", back.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_return_that_nobody_answers_has_its_own_exit_code()
    {
        await OpenIncidentAsync();

        var back = await RunAsync("return", "storefront", "--revision", Digest, "--timeout", "1");

        Assert.Equal(5, back.ExitCode);
        Assert.Contains("has not answered in 1 s; the return stays ordered", back.Error, StringComparison.Ordinal);
        Assert.Equal(Digest, (await PolicyAsync()).Metadata.Annotations[PolicyAnnotations.Return]);
    }

    [Fact]
    public async Task A_return_is_not_ordered_where_nothing_is_open_or_digits_are_too_few_or_name_two()
    {
        var closed = await RunAsync("return", "storefront", "--revision", Digest);
        await OpenIncidentAsync();
        await ProveAsync(Digest[..^4] + "0000");
        var two = await RunAsync("return", "storefront", "--revision", Digest[..30]);
        var few = await RunAsync("return", "storefront", "--revision", Digest[..18]);

        Assert.Equal((1, 1, 2), (closed.ExitCode, two.ExitCode, few.ExitCode));
        Assert.Contains("no incident of it is open", closed.Error, StringComparison.Ordinal);
        Assert.Contains("names several revisions", two.Error, StringComparison.Ordinal);
        Assert.Contains("12 to 64 hexadecimal digits", few.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(PolicyAnnotations.Return,
            ((await PolicyAsync()).Metadata.Annotations ?? new Dictionary<string, string>()).Keys);
    }

    [Fact]
    public async Task All_namespaces_are_listed_with_their_names_and_no_option_is_taken_for_a_name()
    {
        var all = await RunAsync("status", "-A", "-o", "table");
        var incidents = await RunAsync("incident", "list", "--all-namespaces");
        var one = await RunAsync("status", "storefront", "-A");
        var misspelt = await RunAsync("status", "-Z");

        Assert.Equal((0, 0, 2, 2), (all.ExitCode, incidents.ExitCode, one.ExitCode, misspelt.ExitCode));
        Assert.StartsWith("NAMESPACE", all.Out, StringComparison.Ordinal);
        Assert.Contains(all.Out.Split('\n'),
            l => l.StartsWith(_space, StringComparison.Ordinal) && l.Contains("storefront", StringComparison.Ordinal));
        Assert.Contains("there is no option `-Z`", misspelt.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fallback_that_no_operator_takes_up_prints_what_does_the_same_without_one()
    {
        await MakeServicesAsync();

        var run = await RunAsync("fallback", "storefront", "--reason", "it leaks", "--timeout", "1");

        Assert.Equal(5, run.ExitCode);
        Assert.Contains("has not taken the order up", run.Error, StringComparison.Ordinal);
        Assert.Equal(
            [.. new[] { "old-entry", "storefront-entry" }.Select(entry =>
                $$$"""kubectl patch service {{{entry}}} -n {{{_space}}} --type json -p '[{"op":"replace","path":"/spec/selector","value":{"app":"shop"}},{"op":"replace","path":"/spec/ports/1/targetPort","value":"web"}]'""")],
            run.Out.Trim().Split('\n'));
    }

    [Fact]
    public async Task With_the_glass_broken_the_entries_are_turned_from_here()
    {
        await MakeServicesAsync();

        var run = await RunAsync("fallback", "storefront", "--reason", "it leaks", "--break-glass");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        foreach (var name in new[] { "storefront-entry", "old-entry" })
        {
            var entry = await cluster.Client.CoreV1.ReadNamespacedServiceAsync(name, _space);
            Assert.Equal(new Dictionary<string, string> { ["app"] = "shop" }, entry.Spec.Selector);
            Assert.Equal("web", entry.Spec.Ports.Single(p => p.Name == "http").TargetPort.Value);
            Assert.NotEqual("web", entry.Spec.Ports.Single(p => p.Name != "http").TargetPort.Value);
        }

        Assert.Equal("NoCache", (await PolicyAsync()).Metadata.Annotations[PolicyAnnotations.Fallback]);
    }

    /// <summary>An origin, an entry that the policy names, and one that it named once.</summary>
    private async Task MakeServicesAsync()
    {
        await MakeAsync("storefront", 8080, "shop", "web", null);
        await MakeAsync("storefront-entry", 80, "cache", "http", null);
        await MakeAsync("old-entry", 8000, "cache", "http", new Dictionary<string, string>
        {
            [EntryMetadata.Policy] = "storefront",
            [EntryMetadata.Target] = "Cache",
        });
        await MakeAsync("other-entry", 80, "cache", "http", new Dictionary<string, string>
        {
            [EntryMetadata.Policy] = "other",
            [EntryMetadata.Target] = "Cache",
        });

        Task MakeAsync(string name, int port, string app, string target, Dictionary<string, string>? annotations) =>
            cluster.Client.CoreV1.CreateNamespacedServiceAsync(
                new V1Service
                {
                    Metadata = new V1ObjectMeta { Name = name, Annotations = annotations },
                    Spec = new V1ServiceSpec
                    {
                        Selector = new Dictionary<string, string> { ["app"] = app },
                        Ports =
                        [
                            new V1ServicePort { Name = "metrics", Port = 9100, TargetPort = "9100" },
                            new V1ServicePort { Name = "http", Port = port, TargetPort = target },
                        ],
                    },
                },
                _space);
    }

    [Fact]
    public async Task A_policy_that_is_not_there_is_named_with_a_remedy()
    {
        var run = await RunAsync("fallback", "storefrnt", "--reason", "x");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("\"storefrnt\" not found", run.Error, StringComparison.Ordinal);
        Assert.Contains("help: `cachepolicy status`", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_status_of_a_policy_is_told()
    {
        await MakeServicesAsync();
        await OpenIncidentAsync();
        var policy = await PolicyAsync();
        policy.Status = new CachePolicyStatus
        {
            ObservedGeneration = 1,
            Level = "Bypassed",
            LevelWanted = "NoCache",
            // What the operator writes where no fallback is in force.
            Fallback = new FallbackStatus { Level = "Cached" },
            Revision = new RevisionStatus { Active = Digest },
            Conditions =
            [
                new Condition { Type = "Proven", Status = "True", Reason = "Proven", Message = "a proof stands" },
                new Condition { Type = "FallbackReady", Status = "False", Reason = "NoEndpoints",
                    Message = "the origin has no ready pods" },
                new Condition { Type = "Incident", Status = "True", Reason = "Open", Message = "storefront-1" },
            ],
            Rollout = new RolloutStatus
            {
                Phase = "Done",
                Pods = new RolloutPodsStatus
                {
                    Total = 2,
                    OnRevision = 1,
                    Seen =
                    [
                        new RolloutPodStatus { Name = "cache-0", Level = "Bypassed", Revision = Digest,
                            Engine = "7.7.1", Watching = true },
                        new RolloutPodStatus { Name = "cache-1", Trouble = "no agent answers" },
                    ],
                },
            },
            Diagnostics = [
                new DiagnosticStatus { Code = "personal/cacheable", Severity = "Error", Path = "spec.rules[0]",
                Message = "it \e[2Jleaks", Witness = new WitnessStatus { Method = "GET", Target = "/mypage" } }],
            Incident = "storefront-1",
        };
        await WriteStatusAsync(policy, CachePolicy.KubePluralName, "storefront");

        var all = await RunAsync("status", "-o", "table");
        var one = await RunAsync("status", "storefront");
        var yaml = await RunAsync("status", "storefront", "-o", "yaml");

        Assert.Equal(["storefront", "Bypassed", "NoCache", "True", "-", "False", "storefront-1", "sha256:0123456789ab"],
            all.Out.Split('\n')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(
            $"""
            {_space}/storefront is Bypassed, NoCache is wanted
            ├─ revision
            │  └─ serves  {Digest}
            ├─ not well: 2 of 3 conditions
            │  ├─ FallbackReady False, NoEndpoints: the origin has no ready pods
            │  └─ Incident True, Open: storefront-1
            ├─ error[personal/cacheable]: it \x1b[2Jleaks
            │  ├─ at: spec.rules[0]
            │  └─ request: GET /mypage
            ├─ pods: 1 of 2 serve with the revision (Done)
            │  ├─ cache-0  Bypassed  sha256:0123456789ab  Varnish 7.7.1
            │  └─ cache-1  unreachable  no revision
            │     └─ no agent answers
            ├─ entry old-entry leads to the cache
            ├─ entry storefront-entry leads where nothing of the operator says
            └─ incident storefront-1: NoCache, -, began -, 0 identities saw 0 stored objects
               └─ cachepolicy incident show storefront-1 -n {_space}

            """,
            one.Out);

        policy.Status!.Rollout!.Phase = "Canary";
        policy.Metadata.ResourceVersion = (await PolicyAsync()).Metadata.ResourceVersion;
        await WriteStatusAsync(policy, CachePolicy.KubePluralName, "storefront");
        Assert.Contains("pods: 1 of 2 are as the trial has them (Canary)", (await RunAsync("status", "storefront")).Out,
            StringComparison.Ordinal);
        Assert.Contains("\n  level: Bypassed\n  levelWanted: NoCache\n", yaml.Out, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync("status", "storefront", "--watch", "-o", "json")).ExitCode);
    }

    [Fact]
    public async Task A_policy_is_waited_for_until_it_is_at_a_level_or_has_a_condition_of_the_spec_of_now()
    {
        var policy = await PolicyAsync();
        policy.Status = new CachePolicyStatus
        {
            Level = "Cached",
            Conditions =
            [
                new Condition { Type = "Proven", Status = "True", ObservedGeneration = policy.Metadata.Generation },
                new Condition { Type = "Programmed", Status = "True", Reason = "Programmed", Message = "serves",
                    ObservedGeneration = policy.Metadata.Generation - 1 },
                new Condition { Type = "Incident", Status = "False" },
            ],
        };
        await WriteStatusAsync(policy, CachePolicy.KubePluralName, "storefront");

        Assert.Equal((0, ""), await WaitAsync("level=Cached"));
        Assert.Equal((0, ""), await WaitAsync("condition=Proven"));
        Assert.Equal((0, ""), await WaitAsync("condition=Incident=False"));
        Assert.Equal((5, $"error: {_space}/storefront: not at level NoCache in 1 s; its level is Cached"),
            await WaitAsync("level=NoCache"));
        Assert.Equal(
            (5, $"error: {_space}/storefront: not Programmed True in 1 s; Programmed is True, Programmed: serves (of "
                + "the spec before)"), await WaitAsync("condition=Programmed"));
        Assert.Equal(2, (await WaitAsync("level=Warm")).ExitCode);
        Assert.Equal(1, (await RunAsync("wait", "nobody", "--for=level=Cached")).ExitCode);

        async Task<(int ExitCode, string Error)> WaitAsync(string hope)
        {
            var run = await RunAsync("wait", "storefront", $"--for={hope}", "--timeout", "1");
            return (run.ExitCode, run.Error.Split('\n')[0]);
        }
    }

    [Fact]
    public async Task A_watched_status_is_shown_again_when_it_changes_and_ends_with_who_watches()
    {
        var output = new StringWriter();
        var time = new FakeTimeProvider();
        var terminal = new Terminal(() => Stream.Null, output, TextWriter.Null, false, _ => null, time);
        using var stop = new CancellationTokenSource();

        var watch = new CommandLine(terminal).InvokeAsync(
            ["status", "storefront", "--watch", "-n", _space, "--kubeconfig", cluster.ControlPlane.KubeconfigPath],
                stop.Token);
        await Eventually.TrueAsync("the status to be shown",
            _ => Task.FromResult(output.ToString().Contains("is not looked at yet", StringComparison.Ordinal)));
        var policy = await PolicyAsync();
        policy.Status = new CachePolicyStatus { Level = "NoCache" };
        await WriteStatusAsync(policy, CachePolicy.KubePluralName, "storefront");
        await Eventually.TrueAsync("the change to be shown", _ =>
        {
            time.Advance(TimeSpan.FromSeconds(2));
            return Task.FromResult(output.ToString().Contains("is NoCache", StringComparison.Ordinal));
        });
        await stop.CancelAsync();

        Assert.Equal(130, await watch);
        Assert.Equal(2, output.ToString().Split("storefront is ").Length - 1);
    }

    [Fact]
    public async Task An_incident_is_listed_and_told()
    {
        Assert.Contains("There is no incident", (await RunAsync("incident", "list")).Out, StringComparison.Ordinal);
        var incident = new CacheIncident
        {
            Metadata = new k8s.Models.V1ObjectMeta { Name = "storefront-1", NamespaceProperty = _space },
            Spec = new CacheIncidentSpec
            {
                Policy = "storefront",
                Level = "NoCache",
                Revisions = [Digest],
                Trigger = new IncidentTriggerSpec
                {
                    Kind = "hit/personal",
                    Pod = "cache-0",
                    Sequence = 7,
                    Time = "2018-05-01T10:00:00Z",
                    Reason = "a hit on /mypage"
                },
            },
        };
        var incidents = new GenericClient(cluster.Client, ApiGroup.Name, ApiGroup.Version, CacheIncident.KubePluralName,
            disposeClient: false);
        incident = await incidents.CreateNamespacedAsync(incident, _space);
        incident.Status = new CacheIncidentStatus
        {
            Phase = "Open",
            Totals = new IncidentTotalsStatus { Objects = 1, Requests = 2, Identities = 2 },
            Timeline = [
                new IncidentEntryStatus { Time = "2018-05-01T10:00:00.004Z", Actor = "agent/cache-0",
                What = "bypassed itself" }],
            Exposures =
            [
                new ExposureStatus
                {
                    Pod = "cache-0", ObjectId = "32770", Route = "pathPrefix /mypage", ServedTotal = 3,
                    StoredBy = new SightingStatus { Identity = "id-aaaa", Time = "2018-05-01T09:59:59Z", Method = "GET",
                        Target = "t-1" },
                    ServedTo = [
                        new SightingStatus { Identity = "id-bbbb", Time = "2018-05-01T10:00:00Z", Method = "GET",
                        Target = "t-1" }],
                },
            ],
        };
        await WriteStatusAsync(incident, CacheIncident.KubePluralName, "storefront-1");

        var list = await RunAsync("incident", "list");
        var one = await RunAsync("incident", "show", "storefront-1");
        var json = await RunAsync("incident", "show", "storefront-1", "-o", "json");

        Assert.Contains("storefront-1   storefront   Open    NoCache   hit/personal", list.Out,
            StringComparison.Ordinal);
        Assert.Contains("1 stored objects, served to 2 requests of 2 identities", one.Out, StringComparison.Ordinal);
        Assert.Contains("bypassed itself", one.Out, StringComparison.Ordinal);
        Assert.Contains("id-aaaa", one.Out, StringComparison.Ordinal);
        Assert.Contains("and 2 more requests were served it", one.Out, StringComparison.Ordinal);
        Assert.Equal("id-bbbb",
            KubernetesJson.Deserialize<CacheIncident>(json.Out).Status!.Exposures![0].ServedTo![0].Identity);
    }

    [Fact]
    public async Task KUBECONFIG_is_honoured_and_its_absence_told()
    {
        var found = await CliRun.OfAsync([], new() { ["KUBECONFIG"] = cluster.ControlPlane.KubeconfigPath },
            ["status", "-n", _space]);
        var missing = await CliRun.OfAsync("status", "--kubeconfig", "/no/such/file");
        var context = await RunAsync("status", "--context", "elsewhere");

        Assert.Contains("storefront", found.Out, StringComparison.Ordinal);
        Assert.Equal((2, 2), (missing.ExitCode, context.ExitCode));
        Assert.Contains("/no/such/file", missing.Error, StringComparison.Ordinal);
        Assert.Contains("elsewhere", context.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_without_permission_is_told()
    {
        var user = cluster.ControlPlane.WriteUserKubeconfig("nobody");

        var run = await CliRun.OfAsync("fallback", "storefront", "-n", _space, "--reason", "x", "--kubeconfig", user);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("forbidden", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_told()
    {
        var closed = (await File.ReadAllTextAsync(cluster.ControlPlane.KubeconfigPath))
            .Replace(cluster.ControlPlane.Server.Authority, "127.0.0.1:1", StringComparison.Ordinal);
        var file = Path.Combine(Path.GetTempPath(), $"{_space}-closed.yaml");
        await File.WriteAllTextAsync(file, closed);

        var run = await CliRun.OfAsync("status", "--kubeconfig", file);

        File.Delete(file);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("does not answer", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_waits_for_a_review_is_shown_and_a_review_of_it_is_written_and_told_whether_it_counts()
    {
        var unasked = await RunAsync("review", "storefront");
        var nothing = await RunAsync("review", "storefront", "--approve");
        var policy = await PolicyAsync();
        policy.Status = new CachePolicyStatus
        {
            Review = new ReviewStatus
            {
                Revision = Digest,
                Authors = ["anna"],
                NewlyCacheable = ["anonymous requests, for example GET /funds"],
            },
            Conditions =
                [new Condition { Type = "Reviewed", Status = "False", Reason = "Waiting", Message = "0 of 1 reviews" }],
        };
        await WriteStatusAsync(policy, CachePolicy.KubePluralName, "storefront");

        var shown = await RunAsync("review", "storefront");
        var counts = CountAsync("True", "user `bob` wrote it");
        var approved = await RunAsync("review", "storefront", "--approve", "--comment", "the same for all");
        var written = await counts;
        var refuses = CountAsync("False", "user `bob` is in no group");
        var rejected = await RunAsync("review", "storefront", "--reject", "--digest", Digest);
        await refuses;
        var unanswered = await RunAsync("review", "storefront", "--approve", "--timeout", "1");

        Assert.Contains("nobody demands reviews", unasked.Out, StringComparison.Ordinal);
        Assert.Contains("no revision of it waits", nothing.Error, StringComparison.Ordinal);
        Assert.Equal((0, 1, 0, 0, 1, 5),
            (unasked.ExitCode, nothing.ExitCode, shown.ExitCode, approved.ExitCode, rejected.ExitCode,
            unanswered.ExitCode));
        foreach (var part in new[] { "0 of 1 reviews", Digest, "written by: anna", "new: anonymous requests",
            "cachepolicy.dev/revision=0123456789abcdef" })
        {
            Assert.Contains(part, shown.Out, StringComparison.Ordinal);
        }

        Assert.Equal((Digest, "Approved", "the same for all"), (written.Digest, written.Verdict, written.Comment));
        Assert.Contains("is approved; user `bob` wrote it", approved.Out, StringComparison.Ordinal);
        Assert.Contains("does not count: user `bob` is in no group", rejected.Error, StringComparison.Ordinal);
        Assert.Contains("stays", unanswered.Error, StringComparison.Ordinal);
    }

    /// <summary>Answers the next review as the operator does.</summary>
    private async Task<CacheReviewSpec> CountAsync(string counts, string message)
    {
        using var reviews = new GenericClient(cluster.Client, ApiGroup.Name, ApiGroup.Version,
            CacheReview.KubePluralName, disposeClient: false);
        var review = await Eventually.GetAsync(
            "the review is written",
            async token =>
                (await reviews.ListNamespacedAsync<CacheReviewList>(_space, cancel: token)).Items.FirstOrDefault(
                r => r.Status is null));
        review.Status = new CacheReviewStatus
        {
            Conditions = [new Condition { Type = "Accepted", Status = counts, Reason = "Seen", Message = message }],
        };
        await WriteStatusAsync(review, CacheReview.KubePluralName, review.Metadata.Name);
        return review.Spec;
    }

    private async Task OpenIncidentAsync()
    {
        var incidents = new GenericClient(cluster.Client, ApiGroup.Name, ApiGroup.Version, CacheIncident.KubePluralName,
            disposeClient: false);
        var incident = await incidents.CreateNamespacedAsync(
            new CacheIncident
            {
                Metadata = new k8s.Models.V1ObjectMeta { Name = "storefront-1", NamespaceProperty = _space },
                Spec = new CacheIncidentSpec { Policy = "storefront", Level = "NoCache", Revisions = [Digest] },
            },
            _space);
        incident.Status = new CacheIncidentStatus { Phase = "Open" };
        await WriteStatusAsync(incident, CacheIncident.KubePluralName, "storefront-1");
    }

    private async Task ProveAsync(string digest)
    {
        var policy = await PolicyAsync();
        policy.Status = new CachePolicyStatus { Revision = new RevisionStatus { Proven = digest } };
        await WriteStatusAsync(policy, CachePolicy.KubePluralName, "storefront");
    }

    /// <summary>Answers a return as the operator does: the incident first, then the annotation is taken off.</summary>
    private async Task<string> AnswerAsync(Action<CacheIncidentStatus> answer)
    {
        var asked = "";
        await Eventually.TrueAsync(
            "the return is ordered",
            async _ =>
                (await PolicyAsync()).Metadata.Annotations?.TryGetValue(PolicyAnnotations.Return, out asked!) == true);
        var incident = await new GenericClient(cluster.Client, ApiGroup.Name, ApiGroup.Version,
            CacheIncident.KubePluralName, disposeClient: false)
            .ReadNamespacedAsync<CacheIncident>(_space, "storefront-1");
        answer(incident.Status!);
        await WriteStatusAsync(incident, CacheIncident.KubePluralName, "storefront-1");
        await KubectlAsync("annotate", "cpol", "storefront", "-n", _space, $"{PolicyAnnotations.Return}-");
        return asked;
    }

    private Task<CliRun> RunAsync(params string[] args) =>
        CliRun.OfAsync([.. args, "-n", _space, "--kubeconfig", cluster.ControlPlane.KubeconfigPath]);

    private async Task<CachePolicy> PolicyAsync() =>
        await new GenericClient(cluster.Client, ApiGroup.Name, ApiGroup.Version, CachePolicy.KubePluralName,
            disposeClient: false)
            .ReadNamespacedAsync<CachePolicy>(_space, "storefront");

    private async Task WriteStatusAsync(object entity, string plural, string name)
    {
        using var written = await cluster.Client.CustomObjects.ReplaceNamespacedCustomObjectStatusWithHttpMessagesAsync(
            entity, ApiGroup.Name, ApiGroup.Version, _space, plural, name);
    }

    private async Task KubectlAsync(params string[] arguments)
    {
        var result = await ChildProcess.RunAsync(
            new ChildProcessOptions(Assets.Kubectl,
                ["--kubeconfig", cluster.ControlPlane.KubeconfigPath, .. arguments]), CancellationToken.None);
        Assert.True(result.ExitCode == 0, $"kubectl {string.Join(' ', arguments)}\n{result.Text}");
    }
}
