using System.Text.Json;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Certificates;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Operator.Tests.Support;
using CachePolicyOperator.Operator.Webhooks;
using CachePolicyOperator.Runtime.Client;
using CachePolicyOperator.Runtime.Webhooks;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace CachePolicyOperator.Operator.Tests.Webhooks;

public sealed class IncidentWebhookTests
{
    private readonly Mock<IOperatorSecrets> _secrets = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2018, 5, 8, 8, 0, 0, TimeSpan.Zero));
    private readonly ListStore<CachePolicy> _policies = new(
        new CachePolicy { Metadata = new V1ObjectMeta { Name = "storefront", NamespaceProperty = "web" } });

    private readonly IncidentSeal _seal;
    private readonly IncidentWebhook _webhook;

    public IncidentWebhookTests()
    {
        _secrets.Setup(s => s.SealKey).Returns([.. Enumerable.Range(1, 32).Select(i => (byte)i)]);
        _seal = new IncidentSeal(new Seal(_secrets.Object), _time);
        _webhook = new IncidentWebhook(_policies, _seal);
    }

    [Fact]
    public void A_status_is_taken_from_nobody_but_the_operator_and_an_older_one_not_even_of_the_operators()
    {
        var open = Sealed("Open");
        var returned = Copy(open);
        returned.Status!.Phase = "Returned";
        Assert.False(Allows(open, returned));

        _time.Advance(TimeSpan.FromMinutes(1));
        _seal.Sign(returned, returned.Status);

        Assert.True(Allows(open, returned));
        Assert.False(Allows(returned, open));
        Assert.True(Allows(returned, returned));

        // What nobody can vouch for is put back with any seal that holds.
        var forged = Copy(returned);
        forged.Status!.Serial = long.MaxValue;
        Assert.True(Allows(forged, open));
    }

    [Theory]
    [InlineData("Open", "anna", false)]
    [InlineData("Returned", "anna", true)]
    [InlineData("Open", "system:serviceaccount:kube-system:namespace-controller", true)]
    public void An_open_incident_goes_with_its_namespace_alone(string phase, string user, bool isAllowed) =>
        Assert.Equal(isAllowed, _webhook.Delete(Sealed(phase), Context(user)).Valid);

    [Fact]
    public void An_open_incident_of_a_policy_that_is_gone_may_be_removed()
    {
        _policies.Entities.Clear();

        Assert.True(_webhook.Delete(Sealed("Open"), Context("anna")).Valid);
    }

    private bool Allows(CacheIncident old, CacheIncident changed) =>
        _webhook.Update(old, changed, Context("anna", ResourceWriter.Status)).Valid;

    private CacheIncident Sealed(string phase)
    {
        var incident = new CacheIncident
        {
            Metadata = new V1ObjectMeta { Name = "storefront-1", NamespaceProperty = "web", Uid = "uid-1" },
            Spec = new CacheIncidentSpec { Policy = "storefront", Level = "Bypassed", Revisions = ["sha256:0"] },
            Status = new CacheIncidentStatus { Phase = phase, Level = "Bypassed" },
        };
        _seal.Sign(incident, incident.Status);
        return Copy(incident);
    }

    private static CacheIncident Copy(CacheIncident incident) =>
        KubernetesJson.Deserialize<CacheIncident>(KubernetesJson.Serialize(incident));

    private static AdmissionContext Context(string user, string subResource = "")
    {
        using var json = JsonDocument.Parse("{}");
        var none = json.RootElement.Clone();
        return new AdmissionContext(
            "u", "UPDATE", "web", "storefront-1", subResource, new AdmissionUser(user, "", []), false, none, none);
    }
}
