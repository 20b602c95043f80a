using System.Security.Cryptography;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Reviews;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Reviews;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Webhooks;
using CachePolicyOperator.TestCluster;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;

namespace CachePolicyOperator.Operator.Tests.Cluster;

/// <summary>
/// What is proven comes into force when it is reviewed, where somebody demands that, on a real API server.
/// </summary>
[Collection(OnAnotherApiServer.Name)]
public sealed class ReviewTests(SecondOperatorFixture fixture)
{
    private const string Demand = "{required: 1, groups: [security]}";
    private const string Standing =
        """{.status.conditions[?(@.type=="Reviewed")].status} {.status.conditions[?(@.type=="Reviewed")].reason}""";

    [Fact]
    public async Task A_revision_waits_until_a_reviewer_approves_it_who_did_not_write_it()
    {
        await using var world = await WorldAsync();
        await world.StartOperatorAsync(webhook: true);
        var anna = await ReviewerAsync(world, "anna", "security");
        var bob = await ReviewerAsync(world, "bob", "security");
        var dora = await ReviewerAsync(world, "dora", "marketing");
        var carl = await UserAsync(world, "carl", "security");

        var written = await Kubectl.ApplyAsAsync(anna, world.Space, Policy(Demand, Manifests.Assets));
        Assert.Contains("comes into force when a reviewer who did not write it approves", written.Text,
            StringComparison.Ordinal);
        await world.UntilAsync("the first revision waits",
            async () => await world.FieldAsync(Standing) == "False Waiting");
        Assert.Equal("", await world.FieldAsync("{.status.revision.proven}"));
        Assert.Equal("""["anna"]""", await world.FieldAsync("{.status.review.authors}"));
        var first = await world.FieldAsync("{.status.review.revision}");
        Assert.Contains("somebody else must approve it", (await ReviewAsync(world, anna, "a", first)).Text,
            StringComparison.Ordinal);
        Assert.Contains("may not `review`", (await ReviewAsync(world, carl, "c", first)).Text,
            StringComparison.Ordinal);
        var done = await ReviewAsync(world, bob, "b", first);
        Assert.True(done.ExitCode == 0, done.Text);
        await world.AddPodAsync();
        await world.UntilAsync("it serves",
            async () => await world.LeadsToAsync() == "storefront-cache" && await ActiveAsync(world) == first);
        Assert.Equal("True Approved", await world.FieldAsync(Standing));

        await Kubectl.ApplyAsAsync(anna, world.Space, Policy(Demand, Manifests.Assets, Manifests.Catalogue));
        await world.UntilAsync("the second waits", async () =>
            await world.FieldAsync(Standing) == "False Waiting"
                && await world.FieldAsync("{.status.review.revision}") != first);
        var second = await world.FieldAsync("{.status.review.revision}");
        Assert.Contains("/funds", await world.FieldAsync("{.status.review.newlyCacheable}"), StringComparison.Ordinal);
        Assert.True((await ReviewAsync(world, dora, "d", second)).ExitCode == 0);
        Assert.Contains("so the review does not count",
            (await ReviewAsync(world, dora, "foreign", second, signature: "AAAA")).Text, StringComparison.Ordinal);
        await world.UntilAsync("hers does not count",
            async () => await AcceptedAsync(world, "d") == "False NoReviewer");
        await world.Client.CustomObjects.PatchNamespacedCustomObjectStatusAsync(
            new V1Patch("""{"status":{"groups":["security"]}}""", V1Patch.PatchType.MergePatch),
            "cachepolicy.dev", "v1alpha1", world.Space, "cachereviews", "d");
        await world.UntilAsync("nor where she says so", async () =>
            await world.FieldAsync("{.status.groups[0]}", "creview", "d") == "marketing"
                && await AcceptedAsync(world, "d") == "False NoReviewer");
        Assert.Equal(first, await ActiveAsync(world));

        await ReviewAsync(world, bob, "rejects", second, "Rejected", "prices are personal");
        await world.UntilAsync("it is rejected", async () => await world.FieldAsync(Standing) == "False Rejected");
        Assert.Contains("prices are personal",
            await world.FieldAsync("""{.status.conditions[?(@.type=="Reviewed")].message}"""),
            StringComparison.Ordinal);
        await world.KubectlAsync("delete", "creview", "rejects");
        await ReviewAsync(world, bob, "b2", second);
        await world.UntilAsync("the second serves", async () => await ActiveAsync(world) == second);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Who_takes_the_demand_back_is_bound_by_it_once_more()
    {
        await using var world = await WorldAsync();
        await world.StartOperatorAsync(webhook: true);
        var bob = await ReviewerAsync(world, "bob", "security");
        await world.ApplyAsync(Policy(Demand, Manifests.Assets));
        var first = await ApprovedAsync(world, bob, "b");

        await world.ApplyAsync(Manifests.Policy(Manifests.Assets));
        await world.UntilAsync("the looser one waits", async () => await world.FieldAsync(Standing) == "False Waiting");
        Assert.Equal(first, await world.FieldAsync("{.status.revision.proven}"));
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets, Manifests.Catalogue));
        await world.UntilAsync("and so does what comes after", async () =>
            await world.FieldAsync("{.status.observedGeneration}") == "3"
                && await world.FieldAsync(Standing) == "False Waiting");
        Assert.Equal(first, await world.FieldAsync("{.status.revision.proven}"));

        await ApprovedAsync(world, bob, "b2");
        await world.ApplyAsync(Manifests.Policy(Manifests.Catalogue));
        await world.UntilAsync("nothing is demanded any more", async () =>
            await world.FieldAsync("{.status.observedGeneration}") == "4"
            && OperatorWorld.Condition(await world.PolicyAsync(), PolicyConditions.Reviewed) is null
            && OperatorWorld.Holds(await world.PolicyAsync(), PolicyConditions.Proven));
        await world.UntilAsync("and it is in force", async () =>
            await world.FieldAsync("{.status.revision.proven}") != first
            && await world.FieldAsync("{.status.review.revision}") == "");
    }

    [Fact]
    public async Task A_signature_counts_for_what_was_signed_alone_and_also_where_nobody_saw_who_wrote_it()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var world = await WorldAsync();
        // Without a webhook nobody is seen, neither who writes the policy nor who writes reviews.
        await world.StartOperatorAsync();
        var demand = $"{{required: 1, groups: [security], keys: [{{name: auditor, publicKey: \"{key.ExportSubjectPublicKeyInfoPem().Replace("\n", "\\n", StringComparison.Ordinal)}\"}}]}}";
        await world.ApplyAsync(Policy(demand, Manifests.Assets));
        await world.UntilAsync("nobody knows who wrote it",
            async () => await world.FieldAsync(Standing) == "False AuthorUnknown");
        var digest = Core.Digest.Parse(await world.FieldAsync("{.status.review.revision}"));
        await ReviewAsync(world, fixture.ControlPlane.KubeconfigPath, "plain", digest.ToString());
        await world.UntilAsync("it is nobody's", async () => await AcceptedAsync(world, "plain") == "False NobodySeen");
        await world.Client.CustomObjects.PatchNamespacedCustomObjectStatusAsync(
            new V1Patch("""{"status":{"reviewer":"bob","groups":["security"],"seal":"00"}}""",
                V1Patch.PatchType.MergePatch),
            "cachepolicy.dev", "v1alpha1", world.Space, "cachereviews", "plain");

        // What a webhook noted, and somebody rewrote since.
        var forged = new CacheReviewSpec { Policy = "storefront", Digest = digest.ToString(), Verdict = "Approved" };
        await world.Services.GetRequiredService<ReviewStamp>().NoteAsync(
            new NamespacedName(world.Space, "forged"), forged, new AdmissionUser("dora", "", ["marketing"]),
                CancellationToken.None);
        await world.KubectlAsync(
            "annotate", "--overwrite", "events", "--field-selector=reason=Reviewed,involvedObject.name=forged",
            """cachepolicy.dev/note={"User":"bob","Groups":["security"]}""");
        Assert.Contains("bob", (await world.KubectlAsync("get", "events", "-o", "yaml")).Text,
            StringComparison.Ordinal);
        await ReviewAsync(world, fixture.ControlPlane.KubeconfigPath, "forged", digest.ToString());
        await world.UntilAsync("it is nobody's, too",
            async () => await AcceptedAsync(world, "forged") == "False NobodySeen");

        string Signed(string policy, bool approved, string? comment) => Convert.ToBase64String(ReviewStatement.Sign(
            ReviewStatement.Bytes(new ResourceName(world.Space, policy), digest, approved, comment),
                key.ExportPkcs8PrivateKeyPem()));
        await ReviewAsync(world, fixture.ControlPlane.KubeconfigPath, "other", digest.ToString(), comment: "well",
            signature: Signed("other", true, "well"));
        await ReviewAsync(world, fixture.ControlPlane.KubeconfigPath, "turned", digest.ToString(), comment: "well",
            signature: Signed("storefront", false, "well"));
        foreach (var name in new[] { "other", "turned" })
        {
            await world.UntilAsync($"{name} is not signed",
                async () => await AcceptedAsync(world, name) == "False SignatureInvalid");
        }

        Assert.Equal("False AuthorUnknown", await world.FieldAsync(Standing));
        await ReviewAsync(world, fixture.ControlPlane.KubeconfigPath, "good", digest.ToString(), comment: "well",
            signature: Signed("storefront", true, "well"));
        await world.UntilAsync("the auditor's counts", async () => await world.FieldAsync(Standing) == "True Approved");
        Assert.Equal("""["key auditor"]""", await world.FieldAsync("{.status.review.approvedBy}"));
        Assert.Equal("key auditor", await world.FieldAsync("{.status.reviewer}", "creview", "good"));
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Who_declares_what_is_personal_can_demand_reviews_of_policies_that_demand_none()
    {
        await using var world = await WorldAsync();
        await world.StartOperatorAsync(webhook: true);
        var bob = await ReviewerAsync(world, "bob", "security");
        await world.ApplyAsync(Routes("[{pathPrefix: /mypage}, {pathPrefix: /invoices}]"));
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets));
        var first = await ApprovedAsync(world, bob, "b");

        await world.ApplyAsync(Routes("[{pathPrefix: /mypage}, {pathPrefix: /invoices}, {pathPrefix: /orders}]"));
        await world.UntilAsync("more that is personal waits for nobody", async () =>
            await world.FieldAsync("{.status.revision.proven}") is var now && now != first
                && await world.FieldAsync(Standing) == "True NotNeeded");
        var tighter = await world.FieldAsync("{.status.revision.proven}");
        await world.KubectlAsync("delete", "service", "storefront");
        await world.ApplyAsync(Manifests.Origin);
        await world.UntilAsync("nor does another address of the origin", async () =>
            await world.FieldAsync("{.status.revision.proven}") is var now && now != tighter
                && await world.FieldAsync(Standing) == "True NotNeeded");
        var moved = await world.FieldAsync("{.status.revision.proven}");

        await world.ApplyAsync(Routes("[{pathPrefix: /mypage}]"));
        await world.UntilAsync("less that is personal does",
            async () => await world.FieldAsync(Standing) == "False Waiting");
        Assert.Equal(moved, await world.FieldAsync("{.status.revision.proven}"));
        Assert.Equal("""["admin"]""", await world.FieldAsync("{.status.review.authors}"));
    }

    [Fact]
    public async Task A_policy_that_is_applied_again_and_waits_leaves_its_entry_with_the_origin()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        await world.ApplyAsync(Routes("[{pathPrefix: /mypage}]"));
        await world.KubectlAsync("delete", "cachepolicy", "storefront");
        await world.UntilAsync("the entry leads to the origin", async () => await world.LeadsToAsync() == "shop");

        await world.ApplyAsync(Manifests.Policy(Manifests.Assets));

        await world.UntilAsync("it waits", async () => await world.FieldAsync(Standing) == "False AuthorUnknown");
        Assert.Equal("shop", await world.LeadsToAsync());
        await world.KubectlAsync("patch", "service", "storefront", "--type=merge", "-p",
            """{"spec":{"selector":{"app":"shop-2"}}}""");
        await world.UntilAsync("it follows the origin", async () => await world.LeadsToAsync() == "shop-2");
    }

    [Fact]
    public async Task Who_edits_the_VCL_in_its_ConfigMap_is_its_author_where_the_label_lets_him_be_seen()
    {
        await using var world = await WorldAsync();
        await world.StartOperatorAsync(webhook: true);
        var bob = await ReviewerAsync(world, "bob", "security");
        string Own(string path, string label) => $$$"""
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: own, labels: {{{{label}}}}}
            data:
              default.vcl: |
                vcl 4.1;
                backend shop { .host = "storefront"; .port = "8080"; }
                sub vcl_recv {
                    if (req.url ~ "^/{{{path}}}/[a-z]+$") { unset req.http.Cookie; unset req.http.Authorization; return (hash); }
                    return (pass);
                }
            """;
        const string Seen = "cachepolicy.dev/vcl: \"true\"";
        await world.ApplyAsync(Own("static", Seen));
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets)
            .Replace($"rules: [{Manifests.Assets}]",
                $"review: {Demand}\n  vcl: {{configMap: {{name: own, key: default.vcl}}}}", StringComparison.Ordinal));
        var first = await ApprovedAsync(world, bob, "b");

        await world.ApplyAsync(Own("assets", Seen));
        await world.UntilAsync("the edit waits", async () => await world.FieldAsync(Standing) == "False Waiting");
        Assert.Equal("""["admin"]""", await world.FieldAsync("{.status.review.authors}"));
        Assert.Equal(first, await world.FieldAsync("{.status.revision.proven}"));

        await world.ApplyAsync(Own("assets", "theirs: \"true\""));
        await world.ApplyAsync(Own("files", "theirs: \"true\""));
        await world.UntilAsync("nobody knows who wrote this one",
            async () => await world.FieldAsync(Standing) == "False AuthorUnknown");
        Assert.Equal(first, await world.FieldAsync("{.status.revision.proven}"));
    }

    private async Task<OperatorWorld> WorldAsync() => await OperatorWorld.MakeAsync(fixture);

    private static string Policy(string review, params string[] rules) =>
        $"{Manifests.Policy(rules)}\n  review: {review}";

    private static string Routes(string routes) => $$"""
        apiVersion: cachepolicy.dev/v1alpha1
        kind: PersonalRoutes
        metadata: {name: privacy}
        spec:
          hosts: [www.example.com]
          routes: {{routes}}
          review: {{Demand}}
        """;

    /// <summary>Who may write policies and reviews, and is in that group.</summary>
    private static async Task<string> UserAsync(OperatorWorld world, string name, string group)
    {
        await world.UserAsync(
            name, "cachepolicies.cachepolicy.dev,cachereviews.cachepolicy.dev,services,deployments.apps");
        return world.ControlPlane.WriteUserKubeconfig(name, group);
    }

    /// <summary>The same, who may review besides.</summary>
    private static async Task<string> ReviewerAsync(OperatorWorld world, string name, string group)
    {
        await world.KubectlAsync("create", "role", $"{name}-reviews", "--verb=review",
            "--resource=cachepolicies.cachepolicy.dev", "--resource-name=storefront");
        await world.KubectlAsync("create", "rolebinding", $"{name}-reviews", $"--role={name}-reviews",
            $"--user={name}");
        return await UserAsync(world, name, group);
    }

    private static Task<ProcessResult> ReviewAsync(
        OperatorWorld world, string kubeconfig, string name, string digest, string verdict = "Approved",
            string? comment = null, string? signature = null) =>
        Kubectl.ApplyAsAsync(kubeconfig, world.Space, $$"""
            apiVersion: cachepolicy.dev/v1alpha1
            kind: CacheReview
            metadata: {name: {{name}}}
            spec:
              policy: storefront
              digest: {{digest}}
              verdict: {{verdict}}
              {{(comment is null ? "" : $"comment: {comment}")}}
              {{(signature is null ? "" : $"signature: {{key: auditor, value: \"{signature}\"}}")}}
            """);

    /// <summary>What waits is approved, and comes into force; gives its digest.</summary>
    private static async Task<string> ApprovedAsync(OperatorWorld world, string reviewer, string name)
    {
        await world.UntilAsync("it waits", async () => await world.FieldAsync(Standing) == "False Waiting");
        var digest = await world.FieldAsync("{.status.review.revision}");
        var done = await ReviewAsync(world, reviewer, name, digest);
        Assert.True(done.ExitCode == 0, done.Text);
        await world.UntilAsync("it is in force",
            async () => await world.FieldAsync("{.status.revision.proven}") == digest);
        return digest;
    }

    private static Task<string> ActiveAsync(OperatorWorld world) => world.FieldAsync("{.status.revision.active}");

    private static Task<string> AcceptedAsync(OperatorWorld world, string name) => world.FieldAsync(
        """{.status.conditions[?(@.type=="Accepted")].status} {.status.conditions[?(@.type=="Accepted")].reason}""",
            "creview", name);
}
