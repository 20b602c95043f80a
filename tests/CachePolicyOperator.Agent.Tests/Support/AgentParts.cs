using System.Text;
using CachePolicyOperator.Agent.Acts;
using CachePolicyOperator.Agent.Events;
using CachePolicyOperator.Agent.Guard;
using CachePolicyOperator.Agent.Leaks;
using CachePolicyOperator.Agent.Orders;
using CachePolicyOperator.Agent.Server;
using CachePolicyOperator.Agent.State;
using CachePolicyOperator.Agent.Supervision;
using CachePolicyOperator.Agent.Switching;
using CachePolicyOperator.Agent.Trials;
using CachePolicyOperator.Agent.Varnish;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.TestCluster;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace CachePolicyOperator.Agent.Tests.Support;

/// <summary>
/// The parts of the agent that act, over a varnishd that answers at once, or when and with what a test says: for what
/// real varnishd cannot be made to do at a given moment.
/// </summary>
internal sealed class AgentParts : IDisposable
{
    private readonly TemporaryDirectory _directory = new("parts");

    public AgentParts(ProvenState? record = null, params RevisionPackage[] shelved)
    {
        var state = new StateDirectory(_directory.Path, NoFailPoints.Instance, NullLogger<StateDirectory>.Instance);
        foreach (var package in shelved)
        {
            state.Write(package);
        }

        if (record is not null)
        {
            state.Write(record);
        }

        AnswerAtOnce();
        Events = new EventLog(state, Time);
        Watch = new LogWatch(Time);
        var tripwire = new Tripwire(new ExposureBook(), Watch, new ProbeMark());
        var check = Mock.Of<IOperatorCheck>(c =>
            c.Holds(It.IsAny<RevisionPackage>()) && c.Holds(It.IsAny<GuardConfiguration>()));
        var shelf = new RevisionShelf(state, check);
        var proven = new ProofParameters(Varnish.Object, NullLogger<ProofParameters>.Instance);
        var parameters = new RequiredParameters(Varnish.Object, NullLogger<RequiredParameters>.Instance);
        Switch = new VclSwitch(Varnish.Object, state, shelf);
        Loader = new RevisionLoader(Varnish.Object, Switch, shelf, Time);
        Observer = new VarnishObserver(Varnish.Object, Switch, proven, tripwire);
        Reflex = new LeakReflex(Varnish.Object, Switch, tripwire, Events, Time, NullLogger<LeakReflex>.Instance);
        Orders = new OperatorOrders(
            Varnish.Object, Switch, Loader, shelf, check, Observer, parameters, proven, Events, Time,
            NullLogger<OperatorOrders>.Instance);
        Restorer = new VarnishRestorer(
            Varnish.Object, Switch, Loader, Observer, parameters, proven, Reflex, Watch, Events, Time,
            NullLogger<VarnishRestorer>.Instance);
        Guards = new GuardOrders(
            state, check, tripwire, r => new GuardInForce(r, PersonalTargets.Of(r.Configuration)), Time,
            NullLogger<GuardOrders>.Instance);
        Guards.Put(Vcl.Guard());
        Status = new PodStatus(Switch, Events, tripwire, Watch, Trials, new ContractWatch(tripwire, Time));
    }

    public Mock<IVarnish> Varnish { get; } = new();

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.FromUnixTimeSeconds(1_000_000));

    public EventLog Events { get; }

    public LogWatch Watch { get; }

    public VclSwitch Switch { get; }

    public RevisionLoader Loader { get; }

    public VarnishObserver Observer { get; }

    public LeakReflex Reflex { get; }

    public OperatorOrders Orders { get; }

    public VarnishRestorer Restorer { get; }

    public GuardOrders Guards { get; }

    public TrialBook Trials { get; } = new();

    public PodStatus Status { get; }

    /// <summary>The name of what varnishd serves with.</summary>
    public string Active { get; set; } = "boot";

    /// <summary>The texts that varnishd holds, by name.</summary>
    public Dictionary<string, string> Texts { get; } = new() { ["boot"] = "" };

    public IReadOnlyList<VclEntry> List() =>
        [.. Texts.Keys.Select(name => new VclEntry(name, name == Active ? "active" : "available", "auto", "warm", 0))];

    public void Dispose()
    {
        Loader.Dispose();
        Switch.Dispose();
        Watch.Dispose();
        _directory.Dispose();
    }

    /// <summary>Every event so far, in order.</summary>
    public async Task<IReadOnlyList<AgentEvent>> EventsAsync()
    {
        var events = new List<AgentEvent>();
        await foreach (var item in Events.ReadAsync(0, TimeSpan.FromHours(1), CancellationToken.None))
        {
            // The first is null and says that the reader is connected.
            if (item is not null)
            {
                events.Add(item);
            }

            if ((item?.Sequence ?? 0) == Events.Last)
            {
                break;
            }
        }

        return events;
    }

    private void AnswerAtOnce()
    {
        var any = CancellationToken.None;
        Varnish.Setup(v => v.EngineVersionAsync(any)).ReturnsAsync($"{Engine.Version}.1");
        Varnish.Setup(v => v.ServesAsync(any)).ReturnsAsync(true);
        Varnish.Setup(v => v.ParameterAsync(It.IsAny<string>(), any)).ReturnsAsync(new VarnishParameter("1", "2"));
        Varnish.Setup(v => v.ListAsync(any)).ReturnsAsync(List);
        Varnish.Setup(v => v.BansAsync(any)).ReturnsAsync([]);
        Varnish.Setup(v => v.ShowAsync(It.IsAny<string>(), any))
            .ReturnsAsync((string name, CancellationToken _) => Encoding.UTF8.GetBytes(Texts[name]));
        Varnish.Setup(v => v.LoadAsync(It.IsAny<string>(), It.IsAny<string>(), any))
            .Callback((string name, string text, CancellationToken _) => Texts[name] = text)
            .Returns(Task.CompletedTask);
        Varnish.Setup(v => v.UseAsync(It.IsAny<string>(), any))
            .Callback((string name, CancellationToken _) => Active = name)
            .Returns(Task.CompletedTask);
        Varnish.Setup(v => v.DiscardAsync(It.IsAny<string>(), any))
            .Callback((string name, CancellationToken _) => Texts.Remove(name))
            .Returns(Task.CompletedTask);
    }
}
