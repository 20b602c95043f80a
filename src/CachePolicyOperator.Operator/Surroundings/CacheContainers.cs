using k8s.Models;

namespace CachePolicyOperator.Operator.Surroundings;

/// <summary>Tells the containers of a pod apart: varnishd, the agent, and others.</summary>
internal static class CacheContainers
{
    /// <summary>Those that run varnishd, by their command or image.</summary>
    public static IEnumerable<V1Container> Of(V1PodSpec? pod) =>
        (pod?.Containers ?? []).Where(c => !IsAgent(c) && RunsVarnish(c));

    public static bool IsAgent(V1Container container) =>
        Words(container).Contains("--varnish-admin", StringComparer.Ordinal)
        || ImageName(container) is "cachepolicy-agent";

    /// <summary>The arguments of varnishd; null where it is started by a shell or by its image.</summary>
    public static string[]? Arguments(V1Container container)
    {
        var words = Words(container).ToArray();
        var program = Array.FindIndex(words, IsVarnishd);
        return program < 0 ? null : words[(program + 1)..];
    }

    /// <summary>The last part of the image's path, without tag and digest.</summary>
    public static string ImageName(V1Container container) => NameAndTag(container).Name;

    /// <summary>Empty where the image has none.</summary>
    public static string ImageTag(V1Container container) => NameAndTag(container).Tag;

    private static (string Name, string Tag) NameAndTag(V1Container container)
    {
        var last = (container.Image ?? "").Split('@')[0].Split('/')[^1].Split(':', 2);
        return (last[0], last is [_, var tag] ? tag : "");
    }

    private static bool RunsVarnish(V1Container container) =>
        Words(container).Any(IsVarnishd)
        || ImageName(container).Contains("varnish", StringComparison.OrdinalIgnoreCase)
        || ImageName(container).Contains("vinyl", StringComparison.OrdinalIgnoreCase);

    private static bool IsVarnishd(string word) => word.Split('/')[^1] is "varnishd" or "vinyld";

    private static IEnumerable<string> Words(V1Container container) =>
        (container.Command ?? []).Concat(container.Args ?? []);
}
