using System.Text;
using System.Text.RegularExpressions;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.TestCluster.Kubelet;

/// <summary>
/// The variables of a container: values, fields of the pod, keys of secrets and config maps, and `$(NAME)` in them.
/// </summary>
internal sealed partial class ContainerEnvironment(IKubernetes client)
{
    /// <summary>Reads them all; null when a secret or a config map is not there yet.</summary>
    public async Task<Dictionary<string,
        string>?> ReadAsync(V1Pod pod, V1Container container, PodAddress address, CancellationToken cancellationToken)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var source in container.EnvFrom ?? [])
        {
            if (!await AddAllAsync(variables, pod.Namespace(), source, cancellationToken))
            {
                return null;
            }
        }

        foreach (var variable in container.Env ?? [])
        {
            if (await ValueAsync(pod, variable, address, cancellationToken) is { } value)
            {
                variables[variable.Name] = Expand(value, variables);
            }
            else if (!IsOptional(variable.ValueFrom))
            {
                return null;
            }
        }

        return variables;
    }

    /// <summary>
    /// Puts the variables' values for `$(NAME)`; `$$(NAME)` stays as `$(NAME)`, an unknown name stays as it is.
    /// </summary>
    public static string Expand(string text, IReadOnlyDictionary<string, string> variables) =>
        Reference().Replace(text, match =>
            match.Value.StartsWith("$$", StringComparison.Ordinal) ? match.Value[1..]
            : variables.TryGetValue(match.Groups[1].Value, out var value) ? value
            : match.Value);

    private async Task<string?> ValueAsync(V1Pod pod, V1EnvVar variable, PodAddress address,
        CancellationToken cancellationToken) => variable.ValueFrom switch
        {
            null => variable.Value ?? string.Empty,
            { FieldRef: { } field } => PodFields.Read(pod, field.FieldPath, address),
            { SecretKeyRef: { } key } =>
                await SecretAsync(pod.Namespace(), key.Name, cancellationToken) is { } secret
                && secret.TryGetValue(key.Key, out var value) ? value : null,
            { ConfigMapKeyRef: { } key } =>
                await ConfigMapAsync(pod.Namespace(), key.Name, cancellationToken) is { } map
                && map.TryGetValue(key.Key, out var value) ? value : null,
            // A resource limit: this machine has none to tell.
            _ => "0",
        };

    private static bool IsOptional(V1EnvVarSource source) =>
        (source.SecretKeyRef?.Optional ?? source.ConfigMapKeyRef?.Optional) == true;

    private async Task<bool> AddAllAsync(
        Dictionary<string, string> variables, string space, V1EnvFromSource source, CancellationToken cancellationToken)
    {
        var data = source.SecretRef is { } secret
            ? await SecretAsync(space, secret.Name, cancellationToken)
            : await ConfigMapAsync(space, source.ConfigMapRef.Name, cancellationToken);
        foreach (var (key, value) in data ?? [])
        {
            variables[source.Prefix + key] = value;
        }

        return data is not null || (source.SecretRef?.Optional ?? source.ConfigMapRef?.Optional) == true;
    }

    private async Task<Dictionary<string,
        string>?> SecretAsync(string space, string name, CancellationToken cancellationToken)
    {
        var secret = await Absent.AsNullAsync(
            () => client.CoreV1.ReadNamespacedSecretAsync(name, space, cancellationToken: cancellationToken));
        return secret is null ? null
            : (secret.Data ?? new Dictionary<string, byte[]>())
            .ToDictionary(pair => pair.Key, pair => Encoding.UTF8.GetString(pair.Value));
    }

    private async Task<Dictionary<string,
        string>?> ConfigMapAsync(string space, string name, CancellationToken cancellationToken)
    {
        var map = await Absent.AsNullAsync(
            () => client.CoreV1.ReadNamespacedConfigMapAsync(name, space, cancellationToken: cancellationToken));
        return map is null ? null : new Dictionary<string, string>(map.Data ?? new Dictionary<string, string>());
    }

    [GeneratedRegex(@"\$?\$\(([\w.\-]+)\)")]
    private static partial Regex Reference();
}
