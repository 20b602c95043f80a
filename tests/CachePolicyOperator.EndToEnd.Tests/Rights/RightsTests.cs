using System.Net;
using System.Net.Http.Headers;
using CachePolicyOperator.EndToEnd.Tests.Charts;
using CachePolicyOperator.Entities;
using CachePolicyOperator.TestCluster;
using CachePolicyOperator.TestStage;
using CachePolicyOperator.TestStage.Situations;

namespace CachePolicyOperator.EndToEnd.Tests.Rights;

/// <summary>
/// The chart's roles give the operator what it uses, and nothing else: the API server's own record of a life in which
/// all that the operator does happens once. That nothing is missing is seen by what it was refused.
/// </summary>
[Collection(RecordedAlone.Name)]
[Trait("Category", "Slow")]
public sealed class RightsTests
{
    private const string Space = "web-rights";

    private static readonly CancellationToken Token = CancellationToken.None;

    /// <summary>
    /// What is not played here. An installed operator is elected, and its webhook goes with its namespace:
    /// InstalledChartTests hold these to be used.
    /// </summary>
    private static readonly string[] NotPlayed =
    [
        "create coordination.k8s.io/leases (own namespace)",
        "get coordination.k8s.io/leases cachepolicy-operator (own namespace)",
        "get namespaces cachepolicy-system",
        "patch coordination.k8s.io/leases cachepolicy-operator (own namespace)",
    ];

    [Fact]
    public async Task Whatever_the_chart_allows_the_operator_is_used_and_whatever_it_does_is_allowed()
    {
        using var audit = new AuditLog();
        await using var stage = new Stage(audit.Flags);
        await stage.StartClusterAsync(Token);
        await stage.InstallAsync(Token);

        var site = await SituationRun.SetUpAsync(stage, Space, cacheOfTheirOwn: false, Token);
        await AnswerOthersAsync(site);
        var key = await TakeSealKeyAsync(stage);
        await PutBackAsync(site);
        await ForgetRevisionsAsync(site);
        await PurgeByRequestAsync(site);
        await OrderAsync(site);
        await LeakTwiceAsync(stage);
        await stage.UntilAsync("the key to be in the Secret again, and the same",
            async token => await SealKeyAsync(stage, token) == key, Token);

        Assert.Empty(stage.Refused);
        await AssertUsedAsync(stage, audit);
    }

    private static async Task AnswerOthersAsync(Site site)
    {
        await site.ApplyAsync(Documents.PersonalRoutes, Token);
        await site.ApplyAsync(
            Documents.Review.Replace("policy: shop", $"policy: {Storefront.Policy}", StringComparison.Ordinal), Token);
        await site.UntilAsync("both to have a status", async token =>
            (await site.KubectlAsync(token, "get", "personalroutes,cachereview", "-o",
                "jsonpath={range .items[*]}{.status.conditions[0].type} {end}"))
                .Text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length >= 2, Token);
    }

    /// <summary>Somebody takes the key of the seals out of the operator's Secret, looked at every minute.</summary>
    private static async Task<string> TakeSealKeyAsync(Stage stage)
    {
        var key = await SealKeyAsync(stage, Token);
        Assert.NotEmpty(key);
        await stage.InsistAsync(Token, "patch", "secret", "cachepolicy-operator-keys", "--namespace",
            Stage.SystemNamespace, "--type=json", "-p", """[{"op": "remove", "path": "/data/seal.key"}]""");
        return key;
    }

    private static async Task<string> SealKeyAsync(Stage stage, CancellationToken cancellationToken) =>
        (await stage.KubectlAsync(cancellationToken, "get", "secret", "cachepolicy-operator-keys", "--namespace",
            Stage.SystemNamespace, "-o", @"jsonpath={.data.seal\.key}")).Text.Trim();

    /// <summary>What people change of what the operator made.</summary>
    private static async Task PutBackAsync(Site site)
    {
        await site.InsistAsync(Token, "patch", "poddisruptionbudget", "storefront-cache", "--type=merge", "-p",
            """{"spec":{"minAvailable":0,"maxUnavailable":null}}""");
        await site.InsistAsync(Token, "patch", "configmap", "storefront-in-force", "--type=merge", "-p",
            """{"data":{"note":"x"}}""");
        await site.InsistAsync(Token, "delete", "service", Storefront.EntryService);
        await site.UntilAsync("all to be put back", async token =>
            (await site.KubectlAsync(token, "get", "poddisruptionbudget", "storefront-cache", "-o",
                "jsonpath={.spec.minAvailable}")).Text.Trim() != "0"
            && (await site.KubectlAsync(token, "get", "configmap", "storefront-in-force", "-o",
                "jsonpath={.data.note}")).Text.Trim().Length == 0
            && (await site.KubectlAsync(token, "get", "service", Storefront.EntryService)).ExitCode == 0, Token);
    }

    /// <summary>So many revisions that the oldest is removed.</summary>
    private static async Task ForgetRevisionsAsync(Site site)
    {
        for (var minutes = 2; minutes <= 8; minutes++)
        {
            await site.ApplyAsync(Storefront.GoodPolicy(catalogueTtl: $"{minutes}m"), Token);
            await site.UntilAsync("the edit to be proven", async token =>
                await site.PolicyAsync(token) is { } policy
                && policy.Status?.ObservedGeneration == policy.Metadata.Generation, Token);
        }

        await site.UntilProgrammedAsync(pods: 2, Token);
    }

    private static async Task PurgeByRequestAsync(Site site)
    {
        await site.InsistAsync(Token, "create", "role", "purger", "--verb=purge",
            "--resource=cachepolicies.cachepolicy.dev");
        await site.InsistAsync(Token, "create", "rolebinding", "purger", "--role=purger",
            $"--serviceaccount={site.Space}:default");
        using var handler = new SocketsHttpHandler
        {
            // Who the caller is, is what is asked here, and not who answers.
            SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null },
        };
        using var shop = new HttpClient(handler) { BaseAddress = site.Stage.Webhook };
        shop.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", await site.Stage.ControlPlane.CreateTokenAsync(site.Space, "default", Token));

        using var body = new StringContent("""{"all": true, "ttlSecondsAfterFinished": 0}""", new MediaTypeHeaderValue(
            "application/json"));
        using var answer = await shop.PostAsync($"/purge/{site.Space}/{Storefront.Policy}?wait=10", body, Token);

        Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Accepted,
            await answer.Content.ReadAsStringAsync(Token));
    }

    /// <summary>An order is taken off the policy once it is carried out.</summary>
    private static async Task OrderAsync(Site site)
    {
        await site.InsistAsync(Token, "annotate", "cachepolicy", Storefront.Policy,
            $"{PolicyAnnotations.Fallback}=NoCache");
        await site.UntilLevelAsync("NoCache", Token);
        await site.UntilAsync("the order to be taken off", async token =>
            (await site.PolicyAsync(token)).Metadata.Annotations?.ContainsKey(PolicyAnnotations.Fallback) != true,
            Token);
    }

    /// <summary>The first one makes the list of what is denied, the second adds to it.</summary>
    private static async Task LeakTwiceAsync(Stage stage)
    {
        var leak = Catalogue.All.Single(s => s.Name.StartsWith("a leak, ", StringComparison.Ordinal));
        for (var i = 0; i < 2; i++)
        {
            var row = await SituationRun.PlayAsync(stage, leak, Token);
            Assert.True(row.IsWell, row.Explain());
        }
    }

    // A call is in the record once its answer is out, which may be after its effect is seen.
    private static async Task AssertUsedAsync(Stage stage, AuditLog audit)
    {
        var granted = await GrantedRights.OfAsync(stage.Client, Stage.SystemNamespace, Programs.ChartName);
        await Eventually.TrueAsync("a call for every right", async _ =>
        {
            var calls = await audit.CallsAsync(Stage.SystemNamespace, Programs.ChartName);
            Assert.DoesNotContain(calls, c => c.IsRefused);
            // Neither more nor less: an exception that is used is none.
            Assert.Equal(string.Join('\n', NotPlayed),
                string.Join('\n', granted.Unused(calls).Order(StringComparer.Ordinal)));
            return true;
        });
    }
}
