using System.Text;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.TestCluster.Kubelet;

/// <summary>
/// Reads from the API server what a pod's volume should hold; null when something it needs is not there yet.
/// </summary>
internal sealed class VolumeReader(IKubernetes client)
{
    public async Task<VolumeContent?> ReadAsync(V1Pod pod, V1Volume volume, CancellationToken cancellationToken)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var complete =
            volume switch
            {
                { Secret: { } secret } =>
                    await SecretAsync(pod, files, secret.SecretName, secret.Items, secret.Optional, cancellationToken),
                { ConfigMap: { } map } =>
                    await ConfigMapAsync(pod, files, map.Name, map.Items, map.Optional, cancellationToken),
                { DownwardAPI: { } downward } => Downward(pod, files, downward.Items),
                { Projected: { } projected } => await ProjectedAsync(pod, files, projected.Sources, cancellationToken),
                _ => true,
            };
        return complete ? new VolumeContent(files) : null;
    }

    private async Task<bool> ProjectedAsync(V1Pod pod, Dictionary<string, byte[]> files,
        IEnumerable<V1VolumeProjection> sources, CancellationToken cancellationToken)
    {
        foreach (var source in sources)
        {
            var complete = source switch
            {
                { Secret: { } secret } =>
                    await SecretAsync(pod, files, secret.Name, secret.Items, secret.Optional, cancellationToken),
                { ConfigMap: { } map } =>
                    await ConfigMapAsync(pod, files, map.Name, map.Items, map.Optional, cancellationToken),
                { DownwardAPI: { } downward } => Downward(pod, files, downward.Items),
                { ServiceAccountToken: { } token } => await TokenAsync(pod, files, token, cancellationToken),
                _ => true,
            };
            if (!complete)
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> SecretAsync(
        V1Pod pod, Dictionary<string, byte[]> files, string name, IList<V1KeyToPath>? items, bool? optional,
            CancellationToken cancellationToken)
    {
        var secret = await Absent.AsNullAsync(
            () => client.CoreV1.ReadNamespacedSecretAsync(name, pod.Namespace(), cancellationToken: cancellationToken));
        return secret is null ? optional == true : Add(files, secret.Data, items, optional);
    }

    private async Task<bool> ConfigMapAsync(
        V1Pod pod, Dictionary<string, byte[]> files, string name, IList<V1KeyToPath>? items, bool? optional,
            CancellationToken cancellationToken)
    {
        var map = await Absent.AsNullAsync(
            () => client.CoreV1.ReadNamespacedConfigMapAsync(name, pod.Namespace(),
            cancellationToken: cancellationToken));
        if (map is null)
        {
            return optional == true;
        }

        var data = (map.Data ?? new Dictionary<string, string>())
            .ToDictionary(pair => pair.Key, pair => Encoding.UTF8.GetBytes(pair.Value));
        foreach (var (key, value) in map.BinaryData ?? new Dictionary<string, byte[]>())
        {
            data[key] = value;
        }

        return Add(files, data, items, optional);
    }

    private async Task<bool> TokenAsync(V1Pod pod, Dictionary<string, byte[]> files,
        V1ServiceAccountTokenProjection token, CancellationToken cancellationToken)
    {
        var request = new Authenticationv1TokenRequest
        {
            Spec = new V1TokenRequestSpec
            {
                Audiences = token.Audience is null ? [] : [token.Audience],
                ExpirationSeconds = token.ExpirationSeconds
            },
        };
        var answer = await client.CoreV1.CreateNamespacedServiceAccountTokenAsync(
            request, pod.Spec.ServiceAccountName ?? "default", pod.Namespace(), cancellationToken: cancellationToken);
        files[token.Path] = Encoding.UTF8.GetBytes(answer.Status.Token);
        return true;
    }

    private static bool Downward(
        V1Pod pod, Dictionary<string, byte[]> files, IEnumerable<V1DownwardAPIVolumeFile> items)
    {
        foreach (var item in items.Where(item => item.FieldRef is not null))
        {
            files[item.Path] = Encoding.UTF8.GetBytes(PodFields.Read(pod, item.FieldRef.FieldPath, address: null));
        }

        return true;
    }

    private static bool Add(
        Dictionary<string, byte[]> files, IDictionary<string, byte[]>? data, IList<V1KeyToPath>? items, bool? optional)
    {
        data ??= new Dictionary<string, byte[]>();
        foreach (var (key, path) in items?.Select(item => (item.Key, item.Path)) ?? data.Keys.Select(key => (key, key)))
        {
            if (data.TryGetValue(key, out var content))
            {
                files[path] = content;
            }
            else if (optional != true)
            {
                return false;
            }
        }

        return true;
    }
}
