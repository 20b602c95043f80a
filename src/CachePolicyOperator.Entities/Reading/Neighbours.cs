using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>
/// What is odd about an object beside others, though nothing is wrong with it alone; in the same words at admission, in
/// the status and in the CLI.
/// </summary>
public static class Neighbours
{
    /// <summary>The code of <see cref="SharedHost"/>.</summary>
    public const string SharedHostCode = "host/shared";

    /// <summary>The <paramref name="index"/>-th host is also of another policy.</summary>
    public static Diagnostic SharedHost(HostName host, int index, string other) => Diagnostic.Warning(
        SharedHostCode, $"spec.hosts[{index}]", $"host `{host}` is of policy `{other}` as well",
        "let one policy answer for a host: which of the two serves it depends on the entry that clients reach");

    /// <summary>No policy has a host of the routes.</summary>
    public static Diagnostic BindsNothing(string inNamespace) => Diagnostic.Warning(
        "routes/bind-nothing", "spec.hosts",
        $"no policy of namespace `{inNamespace}` has one of these hosts, so the routes protect nothing",
        "look at the spelling of the hosts; policies of other namespaces are not bound");
}
