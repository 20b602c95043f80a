using System.Diagnostics;
using CachePolicyOperator.Entities;
using CachePolicyOperator.TestStage;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Demo.Play;

/// <summary>The five acts. Each shows something and stops the play where it is not so.</summary>
internal sealed class Acts(DemoStage stage, Narrator narrator)
{
    private const int Tabs = 4;

    public async Task PlayAsync(CancellationToken cancellationToken)
    {
        using var alice = new Customer("alice", stage.FrontDoor);
        using var bob = new Customer("bob", stage.FrontDoor);
        await GoodPolicyAsync(alice, bob, cancellationToken);
        await RefusedAsync(cancellationToken);
        await LeakAsync(alice, bob, cancellationToken);
        await RecordAsync(cancellationToken);
        await ReturnAsync(alice, bob, cancellationToken);
    }

    private async Task GoodPolicyAsync(Customer alice, Customer bob, CancellationToken cancellationToken)
    {
        narrator.Act("a", "A good policy");
        narrator.Command("kubectl apply -f storefront.yaml");
        await stage.InsistAsync(Storefront.GoodPolicy(), cancellationToken);
        await ProgrammedAsync(cancellationToken);
        var policy = await stage.PolicyAsync(cancellationToken);
        narrator.Good($"proven, and programmed into every cache pod: {Short(policy.Status?.Revision?.Active)}");

        await alice.LogInAsync(cancellationToken);
        await bob.LogInAsync(cancellationToken);
        var hits = 0;
        for (var i = 0; i < 6; i++)
        {
            hits += (await alice.GetAsync("/static/app.css", cancellationToken)).Hit ? 1 : 0;
        }

        Require(hits >= 4, $"of 6 requests for an asset only {hits} came from the cache");
        narrator.Good(
            $"6 requests for /static/app.css: {hits} from the cache (the first to each of two pods goes to the shop)");
        await VisitMyPagesAsync(alice, bob, rounds: 100, cancellationToken);
        narrator.Good(
            "200 requests for /mypage by two customers: everyone saw their own page, none came from the cache");
        var visit = await alice.GetAsync("/mypage", cancellationToken);
        narrator.Say($"the cache says why: Cache-Status: {visit.CacheStatus}");
    }

    private async Task RefusedAsync(CancellationToken cancellationToken)
    {
        narrator.Act("b", "The mistake of 2018: one more rule");
        narrator.Quote("- name: everything-faster\n  match: {pathPrefix: /}\n  cache: {ttl: 10m}");
        narrator.Command("kubectl apply -f storefront.yaml");
        var (applied, output) = await stage.ApplyAsync(Storefront.Mistake(), cancellationToken);
        narrator.Quote("Error from server: … "
            + output[Math.Max(0, output.IndexOf("admission webhook", StringComparison.Ordinal))..]);
        Require(!applied && output.Contains("personal/cacheable", StringComparison.Ordinal),
            "the mistake was not refused");
        narrator.Good("refused, with the request that would have leaked; what was proven goes on serving");
    }

    private async Task LeakAsync(Customer alice, Customer bob, CancellationToken cancellationToken)
    {
        narrator.Act("c", "The same mistake, put straight into varnishd behind the operator's back");
        var origin = await stage.Client.CoreV1.ReadNamespacedServiceAsync("storefront", DemoStage.Namespace,
            cancellationToken: cancellationToken);
        var pods = await BackDoor.LoadEverywhereAsync(stage.Stage, DemoStage.Namespace,
            Storefront.LeakingVcl(origin.Spec.ClusterIP, 8080), cancellationToken);
        narrator.Command(
            "varnishadm vcl.load faster faster.vcl && varnishadm vcl.use faster    # on both pods, at three in the "
                + "morning");
        var start = Stopwatch.GetTimestamp();
        var leakedAt = await UntilLeakAsync(alice, bob, pods, cancellationToken);
        narrator.Bad("one customer asked for My Page and was shown the other's");
        await stage.UntilAsync("everyone to see their own page", async token =>
        {
            var visits = await Task.WhenAll(Enumerable.Range(0, 4)
                .Select(i => (i % 2 == 0 ? alice : bob).GetAsync("/mypage", token)));
            return visits.Where((v, i) => v.Owner != (i % 2 == 0 ? "alice" : "bob") || v.Hit).FirstOrDefault() is null;
        }, cancellationToken);
        narrator.Good(
            $"{Stopwatch.GetElapsedTime(leakedAt).TotalMilliseconds,6:F0} ms later both see their own: the agents have "
                + "bypassed the cache by themselves");

        await stage.UntilAsync("the topology without the cache", async token =>
            await bob.GetAsync("/mypage", token) is { Status: 200, ThroughVarnish: false }, cancellationToken);
        narrator.Good(
            $"{Stopwatch.GetElapsedTime(leakedAt).TotalMilliseconds,6:F0} ms later Varnish is out of the path: the "
                + "entry Service leads to the shop");
        narrator.Say(
            $"in 2018 this took 20.5 hours; here {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s from the first "
                + "request on");
        await VisitMyPagesAsync(alice, bob, rounds: 50, cancellationToken);
        narrator.Good("100 more requests for /mypage: everyone sees their own page");
    }

    // Both customers look at their pages all the time, in several tabs, until one of them sees the other's. Where the
    // agent is quicker than they are, whoever has the shell tries again.
    private static async Task<long> UntilLeakAsync(
        Customer alice, Customer bob, IReadOnlyList<string> pods, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var leak = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        var tabs = Enumerable.Range(0, Tabs).SelectMany(_ => new[] { LookAsync(alice), LookAsync(bob) }).ToArray();
        try
        {
            for (var i = 0; i < 5 && !leak.Task.IsCompleted; i++)
            {
                await BackDoor.UseEverywhereAsync(pods, cancellationToken);
                await Task.WhenAny(leak.Task,
                    Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, cancellationToken));
            }

            return leak.Task.IsCompleted ? await leak.Task
                : throw new StageException("nothing leaked, although the leaking VCL was loaded");
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(tabs);
        }

        async Task LookAsync(Customer customer)
        {
            while (!end.IsCancellationRequested && !leak.Task.IsCompleted)
            {
                var visit = await customer.GetAsync("/mypage", cancellationToken);
                if (visit.Owner is { } owner && owner != customer.Name)
                {
                    leak.TrySetResult(Stopwatch.GetTimestamp());
                }
            }
        }
    }

    private async Task RecordAsync(CancellationToken cancellationToken)
    {
        narrator.Act("d", "The incident record: who saw whose page");
        CacheIncident? incident = null;
        await stage.UntilAsync("the incident with its exposures", async token =>
        {
            incident = (await stage.IncidentsAsync(token))
                .FirstOrDefault(i => i.Status?.Exposures?.Any(e => e.ServedTo?.Count > 0) == true);
            return incident is not null;
        }, cancellationToken);
        narrator.Command($"kubectl get cacheincident -n {DemoStage.Namespace} {incident!.Name()} -o yaml");
        foreach (var line in incident!.Status?.Timeline ?? [])
        {
            narrator.Quote($"{line.Time}  {line.Actor,-10} {line.What}");
        }

        foreach (var exposure in incident!.Status?.Exposures ?? [])
        {
            narrator.Quote(
                $"object {exposure.ObjectId} of {exposure.Route}: stored by {exposure.StoredBy?.Identity ?? "?"}, "
                + $"served to {string.Join(", ", exposure.ServedTo?.Select(s => s.Identity ?? "no one known") ?? [])}");
        }

        narrator.Good("names are keyed hashes: exact enough to notify, useless to a thief");
    }

    private async Task ReturnAsync(Customer alice, Customer bob, CancellationToken cancellationToken)
    {
        narrator.Act("e", "The return: another revision, proven");
        var before = (await stage.PolicyAsync(cancellationToken)).Status?.Revision?.Proven;
        narrator.Command("kubectl apply -f storefront.yaml    # the catalogue is cached for 30 s instead of a minute");
        await stage.InsistAsync(Storefront.GoodPolicy(catalogueTtl: "30s"), cancellationToken);
        string? proven = null;
        await stage.UntilAsync("a new proven revision", async token =>
        {
            proven = (await stage.PolicyAsync(token)).Status?.Revision?.Proven;
            return proven is not null && proven != before;
        }, cancellationToken);
        narrator.Good($"proven: {Short(proven)}");
        narrator.Command(
            $"kubectl annotate cachepolicy {Storefront.Policy} -n {DemoStage.Namespace} "
                + $"cachepolicy.dev/return={Short(proven)}…");
        var annotated = await stage.KubectlAsync(cancellationToken,
            "annotate", "cachepolicy", Storefront.Policy, "-n", DemoStage.Namespace, $"cachepolicy.dev/return={proven}",
                "--overwrite");
        Require(annotated.ExitCode == 0, annotated.Text);
        await stage.UntilAsync("the cache to be back", async token =>
            (await stage.PolicyAsync(token)).Status?.Level == "Cached"
                && (await alice.GetAsync("/static/app.css", token)).Hit, cancellationToken);
        narrator.Good("the cache is back: assets are hits again");
        await VisitMyPagesAsync(alice, bob, rounds: 100, cancellationToken);
        narrator.Good("200 requests for /mypage: everyone saw their own page, none came from the cache");
    }

    private async Task ProgrammedAsync(CancellationToken cancellationToken) =>
        await stage.UntilAsync("the policy to be programmed", async token =>
        {
            var policy = await stage.PolicyAsync(token);
            var entry = await stage.Client.CoreV1.ReadNamespacedEndpointsAsync(Storefront.EntryService,
                DemoStage.Namespace, cancellationToken: token);
            return policy.Status?.Conditions?.Any(c => c.Type == "Programmed" && c.Status == "True") == true
                && entry.Subsets?.Sum(s => s.Addresses?.Count ?? 0) == 2;
        }, cancellationToken);

    private static async Task VisitMyPagesAsync(
        Customer alice, Customer bob, int rounds, CancellationToken cancellationToken)
    {
        for (var i = 0; i < rounds; i++)
        {
            var visits = await Task.WhenAll(alice.GetAsync("/mypage", cancellationToken),
                bob.GetAsync("/mypage", cancellationToken));
            Require(visits[0].Owner == "alice" && visits[1].Owner == "bob",
                $"alice saw {visits[0].Describe()}, bob saw {visits[1].Describe()}");
            Require(!visits.Any(v => v.Hit), "a My Page came from the cache");
        }
    }

    private static string Short(string? digest) => digest is { Length: > 19 } ? digest[..19] : digest ?? "none";

    private static void Require(bool truth, string otherwise)
    {
        if (!truth)
        {
            throw new StageException(otherwise);
        }
    }
}
