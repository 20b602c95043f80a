using CachePolicyOperator.Agent.Acts;
using CachePolicyOperator.Agent.Guard;
using CachePolicyOperator.Agent.Orders;
using CachePolicyOperator.Agent.State;
using CachePolicyOperator.Agent.Tests.Support;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.TestCluster;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace CachePolicyOperator.Agent.Tests.Orders;

public sealed class GuardOrdersTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new("guards");
    private readonly FakeTimeProvider _time = new();
    private readonly LogWatch _watch;

    public GuardOrdersTests() => _watch = new LogWatch(_time);

    [Fact]
    public void A_guard_that_is_put_again_judges_what_it_judged_before_and_another_one_judges_from_now_on()
    {
        var (orders, tripwire) = Make();
        orders.Put(Vcl.Guard());
        var since = tripwire.Guard!.Record.Since;
        _time.Advance(TimeSpan.FromHours(1));

        orders.Put(Vcl.Guard());
        Assert.Equal(since, tripwire.Guard.Record.Since);

        orders.Put(Vcl.Guard() with { Routes = [] });
        Assert.Equal(since.AddHours(1), tripwire.Guard.Record.Since);
    }

    [Fact]
    public void The_next_agent_finds_the_guard_and_since_when_it_judges()
    {
        var (orders, tripwire) = Make();
        orders.Put(Vcl.Guard());
        _time.Advance(TimeSpan.FromHours(1));

        var (next, found) = Make();
        next.Restore();

        Assert.Equal((tripwire.Guard!.Digest, tripwire.Guard.Record.Since),
            (found.Guard!.Digest, found.Guard.Record.Since));
    }

    public void Dispose()
    {
        _watch.Dispose();
        _directory.Dispose();
    }

    private (GuardOrders Orders, Tripwire Tripwire) Make()
    {
        var tripwire = new Tripwire(new ExposureBook(), _watch, new ProbeMark());
        var state = new StateDirectory(_directory.Path, NoFailPoints.Instance, NullLogger<StateDirectory>.Instance);
        return (
            new GuardOrders(
                state, Mock.Of<IOperatorCheck>(c => c.Holds(It.IsAny<GuardConfiguration>())), tripwire,
                r => new GuardInForce(r, PersonalTargets.Of(r.Configuration)), _time,
                NullLogger<GuardOrders>.Instance),
            tripwire);
    }
}
