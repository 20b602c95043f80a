using System.Globalization;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Model;
using k8s.Models;

namespace CachePolicyOperator.Operator.Managed;

/// <summary>
/// Puts what a team adds to its cache pods into their template, beside what the operator says of them.
/// </summary>
internal static class ManagedPods
{
    private const string VolumePrefix = "files-";

    public static void Apply(PodSettings settings, V1PodTemplateSpec template, V1Container varnish)
    {
        Add(template.Metadata.Labels, settings.Labels);
        if (settings.Annotations.Count > 0)
        {
            Add(template.Metadata.Annotations ??= new Dictionary<string, string>(), settings.Annotations);
        }

        var pod = template.Spec;
        pod.NodeSelector = settings.NodeSelector.Count == 0 ? null
            : settings.NodeSelector.Items.ToDictionary(s => s.Name, s => s.Value);
        pod.Tolerations = settings.Tolerations.Count == 0 ? null : [.. settings.Tolerations.Items.Select(Toleration)];
        pod.PriorityClassName = settings.PriorityClass;
        pod.ImagePullSecrets = settings.ImagePullSecrets.Count == 0
            ? null
            : [.. settings.ImagePullSecrets.Items.Select(s => new V1LocalObjectReference { Name = s })];
        foreach (var variable in settings.Environment.Items)
        {
            varnish.Env.Add(new V1EnvVar { Name = variable.Name, Value = variable.Value });
        }

        for (var i = 0; i < settings.Files.Count; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{VolumePrefix}{i}");
            pod.Volumes.Add(Volume(name, settings.Files[i]));
            varnish.VolumeMounts.Add(
                new V1VolumeMount { Name = name, MountPath = settings.Files[i].Path, ReadOnlyProperty = true });
        }

        Put(varnish.Resources, settings.Requests, settings.Limits);
    }

    private static void Add(IDictionary<string, string> to, EquatableList<NamedText> more)
    {
        foreach (var (name, value) in more.Items)
        {
            to.TryAdd(name, value);
        }
    }

    private static V1Toleration Toleration(PodToleration toleration) => new()
    {
        Key = toleration.Key,
        OperatorProperty = toleration.Operator,
        Value = toleration.Value,
        Effect = toleration.Effect,
        TolerationSeconds = toleration.Seconds,
    };

    private static V1Volume Volume(string name, PodFiles files) => files.Source == FilesSource.Secret
        ? new V1Volume
        {
            Name = name,
            Secret = new V1SecretVolumeSource { SecretName = files.Name, DefaultMode = 0b100_100_000 }
        }
        : new V1Volume
        {
            Name = name,
            ConfigMap = new V1ConfigMapVolumeSource { Name = files.Name, DefaultMode = 0b100_100_100 }
        };

    // What is said of one bounds the other where nothing is said of that: a request above its limit is no pod.
    private static void Put(V1ResourceRequirements made, ComputeAmounts requests, ComputeAmounts limits)
    {
        if ((requests.Memory ?? limits.Memory) is { } asked)
        {
            made.Requests["memory"] =
                Bytes(requests.Memory ?? Math.Min(asked, (long)made.Requests["memory"].ToDecimal()));
            made.Limits["memory"] = Bytes(limits.Memory ?? Math.Max(asked, (long)made.Limits["memory"].ToDecimal()));
        }

        if ((requests.Millicores ?? limits.Millicores) is { } processors)
        {
            made.Requests["cpu"] = Millicores(requests.Millicores
                ?? Math.Min(processors, (long)(made.Requests["cpu"].ToDecimal() * 1_000)));
        }

        if (limits.Millicores is { } most)
        {
            made.Limits["cpu"] = Millicores(most);
        }
    }

    private static ResourceQuantity Bytes(long amount) => new(amount.ToString(CultureInfo.InvariantCulture));

    private static ResourceQuantity Millicores(long amount) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{amount}m"));
}
