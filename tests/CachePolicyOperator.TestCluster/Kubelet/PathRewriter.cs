using System.Text.RegularExpressions;

namespace CachePolicyOperator.TestCluster.Kubelet;

/// <summary>
/// What namespaces do in a cluster, done on words: a mount's path becomes its directory on this machine, "every
/// address" becomes the pod's, and loopback becomes the pod's own loopback address.
/// </summary>
internal sealed partial class PathRewriter
{
    private readonly PodAddress _address;
    private readonly Dictionary<string, string> _mounts;
    private readonly Regex? _paths;

    public PathRewriter(PodAddress address, IEnumerable<KeyValuePair<string, string>> mounts)
    {
        _address = address;
        _mounts = mounts.ToDictionary(mount => mount.Key.TrimEnd('/'), mount => mount.Value, StringComparer.Ordinal);
        // The longest first: /etc/varnish/secret may be a mount inside /etc/varnish.
        var alternatives = string.Join('|', _mounts.Keys.OrderByDescending(path => path.Length).Select(Regex.Escape));
        _paths = alternatives.Length == 0 ? null : new Regex($@"(?<![\w/.\-])(?:{alternatives})(?=$|[^\w.\-])");
    }

    public string Rewrite(string word)
    {
        var text = _paths?.Replace(word, match => _mounts[match.Value]) ?? word;
        text = EveryAddress().Replace(text, _address.Ip.ToString());
        text = BarePort().Replace(text, $"${{1}}{_address.Ip}$2");
        return Loopback().Replace(text, _address.Loopback.ToString());
    }

    [GeneratedRegex(@"(?<![\d.])0\.0\.0\.0(?![\d.])|\[::\]|(?<=://)[+*](?=:\d)")]
    private static partial Regex EveryAddress();

    // `:8080` alone, or after `=` as in `--listen=:8080` and `http=:8080`.
    [GeneratedRegex(@"^((?:[\w.\-]+=)?)(:\d+)(?=$|,)")]
    private static partial Regex BarePort();

    [GeneratedRegex(@"(?<![\w.\-])(?:127\.0\.0\.1|localhost)(?![\w.\-])")]
    private static partial Regex Loopback();
}
