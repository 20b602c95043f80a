using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Operator.Policies;

/// <summary>
/// What this installation lets policies have made: who may write a policy need not be one who may run any image, or any
/// number of pods.
/// </summary>
/// <param name="Allowed">Whether policies may ask for managed caches at all.</param>
/// <param name="Images">Images that a policy may name; a <c>*</c> at the end stands for anything.</param>
/// <param name="Replicas">The most pods of one policy.</param>
/// <param name="Storage">The most storage of one pod, in bytes.</param>
internal sealed record ManagedLimits(bool Allowed, EquatableList<string> Images, int Replicas, long Storage)
{
    public const int DefaultReplicas = 20;
    public const long DefaultStorage = 8L << 30;

    private const string Path = "spec.cache.managed";

    /// <summary>Only the given image, in any version.</summary>
    public static ManagedLimits For(string image) => new(true, AnyVersionOf(image), DefaultReplicas, DefaultStorage);

    public static EquatableList<string> AnyVersionOf(string image)
    {
        var repository = RepositoryOf(image);
        return [$"{repository}:*", $"{repository}@*"];
    }

    /// <summary>What the policy asks for and does not get.</summary>
    public IEnumerable<Diagnostic> Check(CacheWorkload cache) => cache is ManagedWorkload managed ? Check(managed) : [];

    private IEnumerable<Diagnostic> Check(ManagedWorkload managed)
    {
        if (!Allowed)
        {
            yield return Diagnostic.Error(
                "managed/not-allowed", Path, "this installation makes no caches",
                    "name a workload of yours: `cache: {workload: {kind: Deployment, name: …}}`");
            yield break;
        }

        if (managed.Image is { } image && !Images.Items.Any(i => Fits(i, image)))
        {
            yield return Diagnostic.Error(
                "image/not-allowed", $"{Path}.image", $"image `{image}` is none that this installation runs",
                $"leave `image` out, or name one of: {string.Join(", ", Images.Items.Select(i => $"`{i}`"))}; the list "
                    + "is `--allowed-images` of the operator");
        }

        if (managed.Replicas > Replicas)
        {
            yield return Diagnostic.Error(
                "replicas/too-many", $"{Path}.replicas",
                    $"{managed.Replicas} replicas are more than the {Replicas} that this installation allows a policy",
                $"ask for at most {Replicas}; the bound is `--most-replicas` of the operator");
        }

        if (ManagedStorage.BytesOf(managed.Storage) > Storage)
        {
            yield return Diagnostic.Error(
                "storage/too-large", $"{Path}.storage",
                    $"storage of {ManagedStorage.MebibytesOf(managed.Storage)}Mi is more than the {Storage >> 20}Mi "
                        + "that this installation allows a pod",
                $"ask for at most `{Storage >> 20}Mi`; the bound is `--most-storage` of the operator");
        }
    }

    private static bool Fits(string pattern, string image) => pattern.EndsWith('*')
        ? image.StartsWith(pattern[..^1], StringComparison.Ordinal)
        : image == pattern;

    // A colon before the last slash is of a port.
    private static string RepositoryOf(string image)
    {
        var named = image.Split('@')[0];
        var colon = named.LastIndexOf(':');
        return colon > named.LastIndexOf('/') ? named[..colon] : named;
    }
}
