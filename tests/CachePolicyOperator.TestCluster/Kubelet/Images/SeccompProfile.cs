using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace CachePolicyOperator.TestCluster.Kubelet.Images;

/// <summary>
/// The system calls that container runtimes allow by default (`RuntimeDefault`), for a process without capabilities.
/// </summary>
internal static class SeccompProfile
{
    /// <summary>
    /// The file is podman's and CRI-O's; it says of each rule for which architectures and capabilities it is.
    /// </summary>
    private const string Default = "/usr/share/containers/seccomp.json";

    public static JsonObject RuntimeDefault()
    {
        if (!File.Exists(Default))
        {
            throw new InvalidOperationException($"{Default} is not there: `make assets STEPS=images` brings it");
        }

        var profile = JsonNode.Parse(File.ReadAllText(Default))!;
        return new JsonObject
        {
            ["defaultAction"] = (string?)profile["defaultAction"],
            ["defaultErrnoRet"] = (int?)profile["defaultErrnoRet"],
            ["syscalls"] =
                new JsonArray([.. profile["syscalls"]!.AsArray().Select(rule => rule!).Where(IsForUs).Select(Plain)]),
        };
    }

    private static bool IsForUs(JsonNode rule) =>
        Holds(rule["includes"], "arches", given: true) && Holds(rule["includes"], "caps", given: false)
        && !Named(rule["excludes"], "arches").Contains(Architecture);

    // What is for some is for us when it names our architecture, and never when it is for a capability: we have none.
    private static bool Holds(JsonNode? condition, string name, bool given) =>
        Named(condition, name) is var names && (names.Length == 0 || (given && names.Contains(Architecture)));

    private static string[] Named(JsonNode? condition, string name) =>
        [.. (condition?[name]?.AsArray() ?? []).Select(each => (string)each!)];

    private static JsonNode Plain(JsonNode rule)
    {
        var plain = new JsonObject { ["names"] = rule["names"]!.DeepClone(), ["action"] = (string?)rule["action"] };
        if ((int?)rule["errnoRet"] is { } number)
        {
            plain["errnoRet"] = number;
        }

        if (rule["args"] is JsonArray { Count: > 0 } arguments)
        {
            plain["args"] = arguments.DeepClone();
        }

        return plain;
    }

    private static string Architecture =>
        RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64";
}
