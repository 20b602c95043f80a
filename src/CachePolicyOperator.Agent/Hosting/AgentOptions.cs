using System.Net;

namespace CachePolicyOperator.Agent.Hosting;

/// <summary>
/// How the agent is started: from the command line, and where that says nothing, from the environment.
/// </summary>
internal sealed record AgentOptions(
    string VarnishHost,
    int VarnishPort,
    string? SecretFile,
    string VarnishName,
    IPEndPoint Listen,
    IPEndPoint Health,
    string CertificateDirectory,
    string StateDirectory)
{
    /// <summary>Where the metrics are scraped; null: nowhere.</summary>
    public IPEndPoint? Metrics { get; init; }

    /// <summary>Whether each line of the log is an object of JSON.</summary>
    public bool LogsJson { get; init; }

    public const string Help = """
        cachepolicy-agent: keeps the varnishd of its pod at the last proven state, and bypasses it on a leak.

        Each option is also read from the environment, as CACHEPOLICY_AGENT_ and its name with underscores
        (CACHEPOLICY_AGENT_VARNISH_ADMIN). The command line wins.

          --varnish-admin HOST:PORT  where varnishd's command line listens (its -T)    default 127.0.0.1:6082
          --secret-file FILE         the secret of that command line (its -S)          default none
          --varnish-name NAME        varnishd's working directory (-n), for its log    default /var/lib/varnish/varnishd
          --listen IP:PORT           where the operator is answered, mutual TLS        default 0.0.0.0:8443
          --health IP:PORT           /healthz and /readyz, plain HTTP                  default 0.0.0.0:8081
          --metrics IP:PORT          /metrics for Prometheus, plain HTTP; `none` opens no port
                                                                               default 0.0.0.0:8082
          --certificate DIR          tls.crt, tls.key and ca.crt; read anew on change  default /etc/cachepolicy/tls
          --state DIR                where the last proven state is kept               default /var/lib/cachepolicy
          --log-format FORMAT        text or json                                      default text
          --help                     this text

        The agent must be able to read varnishd's working directory: share the volume, and run in varnishd's group.
        A varnishd without a revision may be started with `-b none` or any VCL: the pod is not ready before the
        operator put one.

        """;

    /// <summary>Reads the options; what is wrong is said in <paramref name="problem"/>.</summary>
    public static AgentOptions? Read(
        IReadOnlyList<string> arguments, Func<string, string?> environment, out string problem)
    {
        var given = new Dictionary<string, string>();
        string[] known = ["varnish-admin", "secret-file", "varnish-name", "listen", "health", "metrics", "certificate",
            "state", "log-format"];
        for (var i = 0; i < arguments.Count; i++)
        {
            var equals = arguments[i].IndexOf('=');
            var name = equals < 0 ? arguments[i] : arguments[i][..equals];
            if (!name.StartsWith("--", StringComparison.Ordinal) || !known.Contains(name[2..]))
            {
                problem = $"unknown option `{name}`; see --help";
                return null;
            }

            if (equals < 0 && i + 1 == arguments.Count)
            {
                problem = $"`{name}` needs a value";
                return null;
            }

            given[name[2..]] = equals < 0 ? arguments[++i] : arguments[i][(equals + 1)..];
        }

        string? Value(string name) =>
            given.GetValueOrDefault(name)
            ?? environment($"CACHEPOLICY_AGENT_{name.Replace('-', '_').ToUpperInvariant()}");

        var admin = Value("varnish-admin") ?? "127.0.0.1:6082";
        var colon = admin.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(admin[(colon + 1)..], out var port))
        {
            problem = $"`--varnish-admin {admin}` is not HOST:PORT";
            return null;
        }

        if (!TryReadEndpoint("listen", "0.0.0.0:8443", Value, out var listen, out problem)
            || !TryReadEndpoint("health", "0.0.0.0:8081", Value, out var health, out problem))
        {
            return null;
        }

        IPEndPoint? metrics = null;
        if (Value("metrics") != "none" && !TryReadEndpoint("metrics", "0.0.0.0:8082", Value, out metrics, out problem))
        {
            return null;
        }

        if (Value("log-format") is { } format and not ("text" or "json"))
        {
            problem = $"`--log-format {format}` is neither text nor json";
            return null;
        }

        return new AgentOptions(
            admin[..colon].Trim('[', ']'), port, Value("secret-file"),
            Value("varnish-name") ?? "/var/lib/varnish/varnishd", listen, health,
            Value("certificate") ?? "/etc/cachepolicy/tls", Value("state") ?? "/var/lib/cachepolicy")
        {
            Metrics = metrics,
            LogsJson = Value("log-format") == "json",
        };
    }

    private static bool TryReadEndpoint(
        string name, string otherwise, Func<string, string?> value, out IPEndPoint endpoint, out string problem)
    {
        var text = value(name) ?? otherwise;
        problem = "";
        if (IPEndPoint.TryParse(text, out var parsed) && text.Contains(':'))
        {
            endpoint = parsed;
            return true;
        }

        endpoint = new IPEndPoint(IPAddress.None, 0);
        problem = $"`--{name} {text}` is not IP:PORT";
        return false;
    }
}
