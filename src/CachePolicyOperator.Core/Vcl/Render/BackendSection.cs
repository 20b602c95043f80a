using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>The origins.</summary>
internal static class BackendSection
{
    /// <summary>The backend of the default origin; of the others its name begins so.</summary>
    public const string Default = "origin";

    /// <summary>
    /// The origin of a VCL that caches: what cannot be had is served stale, so it may be asked whether it is well.
    /// </summary>
    public static void Write(VclWriter vcl, RenderPlan plan)
    {
        var policy = plan.Policies.Policy;
        var (host, port) = (plan.Target.OriginHost, plan.Target.OriginPort);
        Write(vcl, Default, host, port, policy.Origin.Connection, Probe(policy.Origin, policy.Hosts[0]));
        foreach (var named in plan.Origins)
        {
            Write(vcl, named, plan.Target, Probe(named.Origin, named.Host ?? policy.Hosts[0]));
        }

        Action Probe(Origin origin, HostName askedFor) => () =>
        {
            if (origin.Probe is { } probe)
            {
                WriteProbe(vcl, probe, askedFor);
            }
        };
    }

    /// <summary>
    /// The origins of a VCL that caches nothing: one is always asked, unless there is another to stand in for it.
    /// </summary>
    public static void WriteBypass(
        VclWriter vcl, Policy policy, RenderTarget target, IReadOnlyList<NamedOrigin> origins)
    {
        var (host, port) = (target.OriginHost, target.OriginPort);
        Write(vcl, Default, host, port, target.Connection, Probe(policy.Origin, policy.Hosts[0]));
        foreach (var named in origins)
        {
            Write(vcl, named, target, Probe(named.Origin, named.Host ?? policy.Hosts[0]));
        }

        Action Probe(Origin origin, HostName askedFor) => () =>
        {
            if (origin is { Standby: not null, Probe: { } probe })
            {
                WriteProbe(vcl, probe, askedFor);
            }
        };
    }

    private static void Write(VclWriter vcl, NamedOrigin named, RenderTarget target, Action probe)
    {
        var address = target.Origins.Items.FirstOrDefault(o => o.Origin == named.Name)
            ?? throw new ArgumentException($"the address of origin `{named.Name}` is not known", nameof(target));
        Write(vcl, OriginSection.BackendOf(named.Name), address.Host, address.Port, named.Origin.Connection, probe);
    }

    private static void Write(
        VclWriter vcl, string name, string host, int port, OriginConnection connection, Action probe)
    {
        vcl.Blank();
        vcl.Block($"backend {name}", () =>
        {
            vcl.Line($".host = {VclLiteral.String(Host(host))};");
            vcl.Line($".port = \"{Port(port)}\";");
            vcl.Line($".connect_timeout = {connection.ConnectTimeout};");
            vcl.Line($".first_byte_timeout = {connection.FirstByteTimeout};");
            vcl.Line($".between_bytes_timeout = {connection.BetweenBytesTimeout};");
            if (connection.MaxConnections is { } most)
            {
                vcl.Line($".max_connections = {most};");
            }

            probe();
        });
    }

    // It is taken for well until it is found not to be: a VCL that has just been loaded answers at once.
    private static void WriteProbe(VclWriter vcl, OriginProbe probe, HostName host) => vcl.Block(".probe =", () =>
    {
        vcl.Line(".request =");
        foreach (var line in new[] { $"GET {Target(probe.Path)} HTTP/1.1", $"Host: {host}",
            "User-Agent: cachepolicy-probe", "Connection: close" })
        {
            vcl.Line($"    {VclLiteral.String(line)}");
        }

        vcl.Line("    ;");
        vcl.Line($".expected_response = {probe.ExpectedStatus};");
        vcl.Line($".interval = {probe.Interval};");
        vcl.Line($".timeout = {probe.Timeout};");
        vcl.Line($".window = {probe.Window};");
        vcl.Line($".threshold = {probe.Threshold};");
        vcl.Line($".initial = {probe.Threshold};");
    });

    private static string Target(string path) =>
        path.StartsWith('/') && path.All(c => c is > ' ' and <= '~' and not '"')
            ? path
            : throw new ArgumentException($"`{path}` is no path", nameof(path));

    private static string Host(string host) =>
        host.Length > 0 && host.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or ':')
            ? host
            : throw new ArgumentException($"`{host}` is no host", nameof(host));

    private static int Port(int port) =>
        port is > 0 and < 65536
            ? port
            : throw new ArgumentOutOfRangeException(nameof(port), port, "a port is 1 to 65535");
}
