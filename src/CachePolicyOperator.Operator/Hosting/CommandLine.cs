using System.Net;
using CachePolicyOperator.Operator.Managed;
using CachePolicyOperator.Operator.Objects;

namespace CachePolicyOperator.Operator.Hosting;

/// <summary>
/// Reads <see cref="OperatorOptions"/> from the command line, and where that says nothing, from the environment.
/// </summary>
internal static class CommandLine
{
    public const string Help = """
        cachepolicy-operator: proves cache policies, programs them into cache pods, and takes the cache out when it leaks.

        Each option is also read from the environment, as CACHEPOLICY_OPERATOR_ and its name with underscores
        (CACHEPOLICY_OPERATOR_WATCH_NAMESPACE). The command line wins.

          --kubeconfig FILE           where the API server is       default: in the cluster, else as kubectl does
          --namespace NAME            the operator's own namespace, for its keys and its lease
                                                                    default: that of its pod, else cachepolicy-system
          --watch-namespace NAME      follow only this namespace    default: all
          --webhook-listen IP:PORT    admission webhooks, TLS       default 0.0.0.0:9443
          --webhook-service NAME      the Service in front of them  default cachepolicy-operator
          --webhook-url URL           instead of a Service, for an operator outside of the cluster, for example
                                      https://192.0.2.10:9443; port 0 stands for the one listened on
          --webhook-configuration N   the ValidatingWebhookConfiguration to keep; `none` keeps none
                                                                    default cachepolicy-operator
          --health-listen IP:PORT     /healthz and /readyz          default 0.0.0.0:8080
          --metrics-listen IP:PORT    /metrics for Prometheus, plain HTTP; `none` opens no port
                                                                    default 0.0.0.0:8082
          --log-format FORMAT         text or json, also of the agents of managed caches   default text
          --leader-elect BOOL         needed with several replicas  default false
          --varnish-image IMAGE       for managed cache pods that name none
          --agent-image IMAGE         for managed cache pods
          --managed-caches BOOL       whether policies may have caches made        default true
          --allowed-images A,B        what `cache.managed.image` may name; a * at the end stands for anything
                                                                    default: any version of --varnish-image
          --most-replicas N           of one managed cache                         default 20
          --most-storage SIZE         of one of its pods, as 512Mi or 8Gi          default 8Gi
          --proofs-at-once N          default: one processor is left to other work, and 512Mi of memory to each proof
          --proofs-waiting N          how many may wait; who comes later is told to   default 64
          --proofs-of-user N          how many of one user may wait or run            default 16
          --check=URL                 ask the operator at this address whether it is ready, and end with 0 or 1
          --help                      this text

        Without a cluster at hand: `cachepolicy verify -f policy.yaml` proves a policy on your machine.

        """;

    /// <summary>Alone on the line: nothing is started but a question.</summary>
    public const string Check = "--check=";

    private const string None = "none";

    private const string NamespaceFile = "/var/run/secrets/kubernetes.io/serviceaccount/namespace";

    private static readonly string[] Known =
    [
        "kubeconfig", "namespace", "watch-namespace", "webhook-listen", "webhook-service", "webhook-url",
        "webhook-configuration", "health-listen", "metrics-listen", "log-format", "leader-elect", "varnish-image",
            "agent-image",
        "managed-caches", "allowed-images", "most-replicas", "most-storage", "proofs-at-once", "proofs-waiting",
            "proofs-of-user",
    ];

    /// <summary>Null where something is wrong, which <paramref name="problem"/> then says.</summary>
    public static OperatorOptions? Read(
        IReadOnlyList<string> arguments, Func<string, string?> environment, out string problem)
    {
        if (!TrySplit(arguments, out var given, out problem))
        {
            return null;
        }

        string? Value(string name) =>
            given.GetValueOrDefault(name) ?? environment(
                $"CACHEPOLICY_OPERATOR_{name.Replace('-', '_').ToUpperInvariant()}");

        var defaults = new OperatorOptions();
        if (!TryEndpoint(Value, "webhook-listen", defaults.WebhookListen, out var webhooks, out problem)
            || !TryEndpoint(Value, "health-listen", defaults.HealthListen, out var health, out problem))
        {
            return null;
        }

        var metrics = Value("metrics-listen") == None ? null : defaults.MetricsListen;
        if (metrics is not null && !TryEndpoint(Value, "metrics-listen", metrics, out metrics, out problem))
        {
            return null;
        }

        var format = Value("log-format");
        if (format is not (null or "text" or "json"))
        {
            problem = $"`--log-format {format}` is neither text nor json";
            return null;
        }

        Uri? url = null;
        if (Value("webhook-url") is { } text
            && (!Uri.TryCreate(text, UriKind.Absolute, out url) || url.Scheme != Uri.UriSchemeHttps))
        {
            problem = $"`--webhook-url {text}` is no https address";
            return null;
        }

        foreach (var name in new[] { "leader-elect", "managed-caches" })
        {
            if (Value(name) is { } word && !bool.TryParse(word, out _))
            {
                problem = $"`--{name} {word}` is neither true nor false";
                return null;
            }
        }

        var images = new CacheImages(
            Value("varnish-image") ?? defaults.Images.Varnish, Value("agent-image") ?? defaults.Images.Agent)
        {
            LogFormat = format == "json" ? LogFormat.Json : LogFormat.Text,
        };
        if (!LimitOptions.TryRead(Value, images, defaults.ProofLimits, out var managed, out var proofs, out problem))
        {
            return null;
        }

        return defaults with
        {
            Kubeconfig = Value("kubeconfig"),
            Namespace = Value("namespace") ?? OwnNamespace() ?? defaults.Namespace,
            WatchNamespace = Value("watch-namespace"),
            WebhookListen = webhooks,
            HealthListen = health,
            MetricsListen = metrics,
            LogFormat = images.LogFormat,
            WebhookUrl = url,
            WebhookService = Value("webhook-service") ?? defaults.WebhookService,
            WebhookConfiguration = Value("webhook-configuration") is { } configuration ? configuration == None ? null
                : configuration : defaults.WebhookConfiguration,
            LeaderElect = Value("leader-elect") is { } leader && bool.Parse(leader),
            Images = images,
            ManagedLimits = managed,
            ProofLimits = proofs,
        };
    }

    private static bool TrySplit(
        IReadOnlyList<string> arguments, out Dictionary<string, string> given, out string problem)
    {
        given = [];
        problem = "";
        for (var i = 0; i < arguments.Count; i++)
        {
            var equals = arguments[i].IndexOf('=');
            var name = equals < 0 ? arguments[i] : arguments[i][..equals];
            if (!name.StartsWith("--", StringComparison.Ordinal) || !Known.Contains(name[2..]))
            {
                problem = $"unknown option `{name}`; see --help";
                return false;
            }

            if (equals < 0 && i + 1 == arguments.Count)
            {
                problem = $"`{name}` needs a value";
                return false;
            }

            given[name[2..]] = equals < 0 ? arguments[++i] : arguments[i][(equals + 1)..];
        }

        return true;
    }

    private static bool TryEndpoint(
        Func<string, string?> value, string name, IPEndPoint otherwise, out IPEndPoint endpoint, out string problem)
    {
        (endpoint, problem) = (otherwise, "");
        if (value(name) is not { } text)
        {
            return true;
        }

        if (text.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(text, out var parsed))
        {
            endpoint = parsed;
            return true;
        }

        problem = $"`--{name} {text}` is not IP:PORT";
        return false;
    }

    private static string? OwnNamespace() => File.Exists(NamespaceFile) ? File.ReadAllText(NamespaceFile).Trim() : null;
}
