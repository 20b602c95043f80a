using System.Text.RegularExpressions;
using k8s;

namespace CachePolicyOperator.TestCluster.Kubelet;

/// <summary>
/// Plays DNS on words: <c>NAME.NAMESPACE.svc</c> becomes the address of that Service, where there is one.
/// </summary>
internal sealed partial class ServiceNames(IKubernetes client)
{
    public async Task<IReadOnlyList<string>> ResolveAsync(
        IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        if (!words.Any(w => Name().IsMatch(w)))
        {
            return words;
        }

        var services =
            (await client.CoreV1.ListServiceForAllNamespacesAsync(cancellationToken: cancellationToken)).Items;
        return [.. words.Select(word => Name().Replace(word, match => services
            .FirstOrDefault(s => s.Metadata.Name == match.Groups[1].Value
                && s.Metadata.NamespaceProperty == match.Groups[2].Value)?.Spec.ClusterIP ?? match.Value))];
    }

    [GeneratedRegex(@"(?<![\w.\-])([a-z0-9\-]+)\.([a-z0-9\-]+)\.svc(?![\w\-]|\.[a-z])")]
    private static partial Regex Name();
}
