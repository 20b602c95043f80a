using System.Globalization;
using System.Net;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using CachePolicyOperator.Runtime.Options;
using k8s.Models;

namespace CachePolicyOperator.Runtime.LeaderElection;

/// <summary>One candidate's view of the lease.</summary>
/// <remarks>
/// Not the library's elector: that one goes on renewing after it has given up, throws when the server is away, and
/// reads the machine's clock (https://github.com/kubernetes-client/csharp/issues/1467). The lease on the server means
/// the same to both.
/// </remarks>
internal sealed class LeaseElector(
    ResourceClient<V1Lease> leases, ResourceWriter writer, LeaderElectionOptions options, string identity,
        TimeProvider time)
{
    private readonly NamespacedName _key = new(options.Namespace, options.LeaseName);

    /// <summary>The lease's last known version, and since when it has not changed as far as this process saw.</summary>
    private string _version = "";

    private long _since = time.GetTimestamp();

    private long _heldFrom;

    /// <summary>
    /// How long ago the last successful taking or renewing was begun; the lease runs at least from there.
    /// </summary>
    public TimeSpan SinceHeld => time.GetElapsedTime(_heldFrom);

    /// <summary>Who held the lease when it was last looked at.</summary>
    public string Holder { get; private set; } = "";

    /// <summary>
    /// Takes the lease if it is free or has run out, renews it if it is ours; false when another holds it.
    /// </summary>
    public async Task<bool> TryHoldAsync(CancellationToken cancellationToken)
    {
        // From before the requests: the lease may have been written long before the answer came.
        var asked = time.GetTimestamp();
        try
        {
            if (await leases.GetAsync(_key, cancellationToken) is not { } lease)
                return Hold(await writer.CreateAsync(NewLease(), cancellationToken), asked);
            Observe(lease);
            // Counted on our own clock from when we first saw this version: the holder's clock may be wrong.
            var lifetime = TimeSpan.FromSeconds(lease.Spec?.LeaseDurationSeconds ?? 0);
            if (Holder.Length > 0 && Holder != identity && time.GetElapsedTime(_since) < lifetime)
                return false;
            return Hold(await WriteAsync(lease, identity, options.LeaseDuration, cancellationToken), asked);
        }
        catch (ApiException error) when (error.StatusCode == HttpStatusCode.Conflict)
        {
            // Another candidate was faster.
            return false;
        }
    }

    /// <summary>
    /// Gives the lease back so that the next leader need not wait for it to run out; no harm when it is not ours.
    /// </summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        while (await leases.GetAsync(_key, cancellationToken) is { Spec.HolderIdentity: var holder } lease
            && holder == identity)
        {
            try
            {
                // An empty holder, not none: none sends every elector of the library into creating the lease for ever.
                await WriteAsync(lease, "", TimeSpan.FromSeconds(1), cancellationToken);
                return;
            }
            catch (ApiException error) when (error.StatusCode == HttpStatusCode.Conflict)
            {
                // Somebody has taken it already, or a renewal of our own that nobody waited for came in between.
            }
        }
    }

    private void Observe(V1Lease lease)
    {
        if (lease.Metadata.ResourceVersion != _version)
            _since = time.GetTimestamp();
        _version = lease.Metadata.ResourceVersion;
        Holder = lease.Spec?.HolderIdentity ?? "";
    }

    private bool Hold(V1Lease lease, long asked)
    {
        Observe(lease);
        _heldFrom = asked;
        return true;
    }

    private V1Lease NewLease()
    {
        // The library leaves out a fraction of zero, and the server wants six digits: never a whole second.
        var now = time.GetUtcNow().UtcDateTime;
        now = now.Ticks % TimeSpan.TicksPerSecond < 10 ? now.AddMicroseconds(1) : now;
        return new()
        {
            Metadata = new V1ObjectMeta { NamespaceProperty = _key.Namespace, Name = _key.Name },
            Spec = new V1LeaseSpec
            {
                HolderIdentity = identity,
                LeaseDurationSeconds = Seconds(options.LeaseDuration),
                AcquireTime = now,
                RenewTime = now,
                LeaseTransitions = 0,
            },
        };
    }

    private Task<V1Lease> WriteAsync(
        V1Lease lease, string holder, TimeSpan duration, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime.ToString(
            "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        var changesHands = (lease.Spec?.HolderIdentity ?? "") != holder;
        var spec = new Dictionary<string, object?>
        {
            ["holderIdentity"] = holder,
            ["leaseDurationSeconds"] = Seconds(duration),
            ["renewTime"] = now,
        };
        if (changesHands || lease.Spec?.AcquireTime is null)
            spec["acquireTime"] = now;
        if (changesHands && holder.Length > 0)
            spec["leaseTransitions"] = (lease.Spec?.LeaseTransitions ?? 0) + 1;
        // With the version in it the patch fails unless the lease is still the one that was looked at.
        return writer.MergePatchAsync<V1Lease>(
            _key, new { metadata = new { resourceVersion = lease.Metadata.ResourceVersion }, spec }, cancellationToken);
    }

    private static int Seconds(TimeSpan duration) => Math.Max(1, (int)duration.TotalSeconds);
}
