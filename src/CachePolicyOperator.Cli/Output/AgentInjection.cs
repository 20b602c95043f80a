using System.Text.Json.Nodes;
using CachePolicyOperator.Core.AgentProtocol;

namespace CachePolicyOperator.Cli.Output;

/// <summary>Why a workload cannot be given an agent.</summary>
internal sealed record Uninjectable(string Message, string Help);

/// <summary>
/// Writes the agent into a workload, and into varnishd's arguments what the agent needs of it: a command line that it
/// reaches, one directory for both, and no VCL but the operator's. Changing what is changed changes nothing.
/// </summary>
internal sealed class AgentInjection(string policy, string? container, string image)
{
    private const string Name = "cachepolicy-agent";
    private const string Run = "cachepolicy-run";
    private const string State = "cachepolicy-state";
    private const string Tls = "cachepolicy-tls";
    private const string WorkDirectory = "/var/lib/varnish/run";
    private const string StateDirectory = "/var/lib/cachepolicy";
    private const string TlsDirectory = "/etc/cachepolicy/tls";
    private const string Admin = "$(POD_IP):6082";
    private const int HealthPort = 8081;
    private const int MetricsPort = 8082;

    // What varnishd takes once, each with a value. Of those that are put in again here.
    private static readonly string[] Replaced = ["-T", "-n", "-f", "-b", "-S"];

    private readonly List<string> _notes = [];

    /// <summary>What else changed for the pods by it, in sentences without an end.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Null where it was done; the workload may be changed in part where it was not.</summary>
    public Uninjectable? Change(JsonObject workload)
    {
        if (workload["spec"]?["template"]?["spec"] is not JsonObject pod
            || pod["containers"] is not JsonArray { Count: > 0 } containers)
        {
            return new Uninjectable("it has no pod template with containers", "give the whole manifest");
        }

        if (workload["spec"]?["selector"]?["matchExpressions"] is JsonArray { Count: > 0 })
        {
            return new Uninjectable(
                "it selects its pods by `matchExpressions`",
                "select them by `matchLabels` alone: that is how an entry finds them");
        }

        Remove(containers, Name);
        var (varnish, wrong) = Varnish([.. containers.OfType<JsonObject>()]);
        if (varnish is null || ChangeArguments(varnish) is { } shell && (wrong = shell) is not null)
        {
            return wrong;
        }

        foreach (var other in containers.OfType<JsonObject>())
        {
            if (other["ports"]?.AsArray().FirstOrDefault(p => Taken(p)) is { } port)
            {
                return new Uninjectable(
                    $"container `{other["name"]}` has port {port["containerPort"]}, which the agent listens on",
                    "move it to another port");
            }
        }

        Mount(varnish, Run, WorkDirectory);
        AddPodIp(varnish);
        Append(containers, Agent(varnish));
        pod["shareProcessNamespace"] = true;
        AddGate(pod);
        AddUser(pod);
        AddVolumes(pod);
        AddLabel(workload);
        return null;
    }

    private (JsonObject? Varnish, Uninjectable? Wrong) Varnish(JsonObject[] containers)
    {
        var names = string.Join(", ", containers.Select(c => $"`{c["name"]}`"));
        JsonObject[] found =
            [.. containers.Where(c => container is null ? RunsVarnish(c) : (string?)c["name"] == container)];
        return found is [var one]
            ? (one, null)
            : (null, container is not null
                ? new Uninjectable($"it has no container `{container}`", $"it has {names}")
                : new Uninjectable(
                    found.Length == 0
                        ? "no container runs varnishd, by its command or image"
                        : "several containers may run varnishd",
                    $"name one with `--container`: {names}"));
    }

    private static bool RunsVarnish(JsonObject container) =>
        Words(container, "command").Concat(Words(container, "args")).Any(IsVarnishd)
        || (string?)container["image"] is { } image
            && (image.Contains("varnish", StringComparison.OrdinalIgnoreCase)
                || image.Contains("vinyl", StringComparison.OrdinalIgnoreCase));

    private static bool IsVarnishd(string word) =>
        word == "varnishd" || word.EndsWith("/varnishd", StringComparison.Ordinal);

    private Uninjectable? ChangeArguments(JsonObject varnish)
    {
        string[] words = [.. Words(varnish, "command"), .. Words(varnish, "args")];
        if (words.Any(w => w.Contains("varnishd ", StringComparison.Ordinal))
            || words is ["sh" or "/bin/sh" or "bash" or "/bin/bash", ..])
        {
            return new Uninjectable("varnishd is started by a shell, so its arguments cannot be changed",
                "write the command as a list, `[varnishd, -F, -a, \":6081\", …]`");
        }

        var program = Array.FindIndex(words, IsVarnishd);
        var kept = Kept(words[(program + 1)..]);
        // An image that starts varnishd by itself has arguments of its own, which are not seen here.
        List<string> command = program >= 0 ? [.. words[..(program + 1)]] : ["varnishd"];
        command.AddRange(kept.Contains("-F") ? [] : ["-F"]);
        var listens = kept.Exists(w => w.StartsWith("-a", StringComparison.Ordinal));
        command.AddRange(listens ? [] : ["-a", $"http=:{Port(varnish)},HTTP"]);
        command.AddRange([.. kept, "-T", Admin, "-n", WorkDirectory, "-b", "none"]);
        varnish["command"] = VerdictJson.Texts(command);
        varnish.Remove("args");
        return null;
    }

    private List<string> Kept(string[] words)
    {
        var kept = new List<string>();
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i].StartsWith("-f", StringComparison.Ordinal))
            {
                var file = words[i].Length > 2 ? words[i][2..] : words.ElementAtOrDefault(i + 1);
                _notes.Add($"varnishd is started without `-f {file}`: the operator brings the VCL that it proved; "
                    + "`cachepolicy adopt --vcl` makes a policy of yours");
            }

            if (Replaced.Contains(words[i]))
            {
                i++;
            }
            else if (!Replaced.Any(r => words[i].StartsWith(r, StringComparison.Ordinal)))
            {
                kept.Add(words[i]);
            }
        }

        return kept;
    }

    private static int Port(JsonObject varnish) => varnish["ports"] is JsonArray ports
        && (ports.FirstOrDefault(p => (string?)p?["name"] == "http") ?? ports.FirstOrDefault()) is { } port
        ? (int)port["containerPort"]!
        : 6081;

    private JsonObject Agent(JsonObject varnish)
    {
        var agent = new JsonObject
        {
            ["name"] = Name,
            ["image"] = image,
            ["args"] = VerdictJson.Texts([
                "--varnish-admin", Admin, "--secret-file", $"{WorkDirectory}/_.secret", "--varnish-name", WorkDirectory,
                "--listen", $"$(POD_IP):{AgentApi.Port}", "--health", $"$(POD_IP):{HealthPort}",
                "--metrics", $"$(POD_IP):{MetricsPort}",
                "--certificate", TlsDirectory, "--state", StateDirectory,
            ]),
            ["ports"] = VerdictJson.List([
                ContainerPort("agent", AgentApi.Port), ContainerPort("health", HealthPort),
                ContainerPort("metrics", MetricsPort),
            ]),
            ["readinessProbe"] = new JsonObject
            {
                ["httpGet"] = new JsonObject { ["path"] = "/readyz", ["port"] = "health" },
                ["periodSeconds"] = 1,
            },
            ["livenessProbe"] = new JsonObject
            {
                ["httpGet"] = new JsonObject { ["path"] = "/healthz", ["port"] = "health" },
                ["periodSeconds"] = 10,
            },
            ["resources"] = new JsonObject
            {
                ["requests"] = new JsonObject { ["cpu"] = "50m", ["memory"] = "128Mi" },
                ["limits"] = new JsonObject { ["memory"] = "512Mi" },
            },
            ["securityContext"] = Confined(varnish["securityContext"] as JsonObject),
        };
        Mount(agent, Run, WorkDirectory);
        Mount(agent, State, StateDirectory);
        Mount(agent, Tls, TlsDirectory);
        AddPodIp(agent);
        return agent;
    }

    // It reads varnishd's secret and log, so it runs as whoever varnishd runs as.
    private static JsonObject Confined(JsonObject? ofVarnish)
    {
        var context = new JsonObject
        {
            ["allowPrivilegeEscalation"] = false,
            ["readOnlyRootFilesystem"] = true,
            ["capabilities"] = new JsonObject { ["drop"] = VerdictJson.Texts(["ALL"]) },
        };
        foreach (var field in new[] { "runAsUser", "runAsGroup" })
        {
            if (ofVarnish?[field] is { } user)
            {
                context[field] = user.DeepClone();
            }
        }

        return context;
    }

    private void AddUser(JsonObject pod)
    {
        var context = pod["securityContext"] as JsonObject ?? [];
        if (context["runAsUser"] is null)
        {
            _notes.Add("its pods run as user and group 65532, for it names none: what they read and write must be "
                + "theirs, and a port below 1024 may need `net.ipv4.ip_unprivileged_port_start`");
            (context["runAsNonRoot"], context["runAsUser"], context["runAsGroup"]) = (true, 65532, 65532);
        }

        context["fsGroup"] ??= context["runAsGroup"]?.DeepClone() ?? context["runAsUser"]!.DeepClone();
        pod["securityContext"] = context;
    }

    private void AddVolumes(JsonObject pod)
    {
        var volumes = List(pod, "volumes");
        foreach (var name in new[] { Run, State, Tls })
        {
            Remove(volumes, name);
        }

        Append(volumes, new JsonObject { ["name"] = Run, ["emptyDir"] = new JsonObject { ["medium"] = "Memory" } });
        Append(volumes, new JsonObject { ["name"] = State, ["emptyDir"] = new JsonObject() });
        Append(volumes, new JsonObject
        {
            ["name"] = Tls,
            ["secret"] = new JsonObject
            {
                ["secretName"] = "cachepolicy-agents",
                ["items"] = VerdictJson.List([
                    Key($"{policy}.crt", "tls.crt"), Key($"{policy}.key", "tls.key"), Key("ca.crt", "ca.crt"),
                ]),
            },
        });
    }

    // So that the operator is asked of its rollouts.
    private static void AddLabel(JsonObject workload)
    {
        var metadata = workload["metadata"] as JsonObject ?? [];
        var labels = metadata["labels"] as JsonObject ?? [];
        labels["cachepolicy.dev/cache"] = "true";
        metadata["labels"] = labels;
        workload["metadata"] = metadata;
    }

    private static void AddGate(JsonObject pod)
    {
        var gates = List(pod, "readinessGates");
        if (!gates.Any(g => (string?)g?["conditionType"] == "cachepolicy.dev/proven"))
        {
            Append(gates, new JsonObject { ["conditionType"] = "cachepolicy.dev/proven" });
        }
    }

    private static void AddPodIp(JsonObject container)
    {
        var environment = List(container, "env");
        Remove(environment, "POD_IP");
        // In front: what is named in arguments may stand in other variables, too.
        environment.Insert(0, new JsonObject
        {
            ["name"] = "POD_IP",
            ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["fieldPath"] = "status.podIP" } },
        });
    }

    private static void Mount(JsonObject container, string volume, string path)
    {
        var mounts = List(container, "volumeMounts");
        if (mounts.FirstOrDefault(m => (string?)m?["mountPath"] == path) is { } there)
        {
            mounts.Remove(there);
        }

        Append(mounts, new JsonObject { ["name"] = volume, ["mountPath"] = path });
    }

    private static bool Taken(JsonNode? port) =>
        (int?)port?["containerPort"] is AgentApi.Port or HealthPort or MetricsPort;

    private static JsonObject ContainerPort(string name, int port) =>
        new() { ["name"] = name, ["containerPort"] = port };

    private static JsonObject Key(string key, string path) => new() { ["key"] = key, ["path"] = path };

    private static JsonArray List(JsonObject parent, string name)
    {
        if (parent[name] is not JsonArray list)
        {
            parent[name] = list = [];
        }

        return list;
    }

    private static void Append(JsonArray list, JsonNode item) => list.Add(item);

    private static void Remove(JsonArray list, string name)
    {
        foreach (var item in list.Where(i => (string?)i?["name"] == name).ToArray())
        {
            list.Remove(item);
        }
    }

    private static IEnumerable<string> Words(JsonObject container, string field) =>
        (container[field] as JsonArray)?.Select(w => w?.ToString() ?? "") ?? [];
}
