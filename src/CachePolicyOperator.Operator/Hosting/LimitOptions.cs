using System.Globalization;
using CachePolicyOperator.Core;
using CachePolicyOperator.Operator.Managed;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Operator.Proofs;

namespace CachePolicyOperator.Operator.Hosting;

/// <summary>Reads the bounds of an installation from its options.</summary>
internal static class LimitOptions
{
    private static readonly (string Unit, int Shift)[] Units = [("Ki", 10), ("Mi", 20), ("Gi", 30), ("Ti", 40)];

    /// <summary>False where something is wrong, which <paramref name="problem"/> then says.</summary>
    public static bool TryRead(
        Func<string, string?> value, CacheImages images, ProofLimits proofsOtherwise, out ManagedLimits managed,
            out ProofLimits proofs, out string problem)
    {
        (managed, proofs) = (ManagedLimits.For(images.Varnish), proofsOtherwise);
        if (!TryCount(value, "most-replicas", out var replicas, out problem)
            || !TryCount(value, "proofs-at-once", out var atOnce, out problem)
            || !TryCount(value, "proofs-waiting", out var waiting, out problem)
            || !TryCount(value, "proofs-of-user", out var ofUser, out problem)
            || !TrySize(value, "most-storage", out var storage, out problem))
        {
            return false;
        }

        managed = managed with
        {
            Allowed = value("managed-caches") is not { } allowed || bool.Parse(allowed),
            Images = value("allowed-images") is { Length: > 0 } list ? Split(list) : managed.Images,
            Replicas = replicas ?? managed.Replicas,
            Storage = storage ?? managed.Storage,
        };
        proofs = proofs with
        {
            AtOnce = atOnce ?? proofs.AtOnce,
            Waiting = waiting ?? proofs.Waiting,
            WaitingOfUser = ofUser ?? proofs.WaitingOfUser,
        };
        return true;
    }

    private static EquatableList<string> Split(string list) =>
        list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToEquatableList();

    private static bool TryCount(Func<string, string?> value, string name, out int? count, out string problem)
    {
        (count, problem) = (null, "");
        if (value(name) is not { } text)
        {
            return true;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
        {
            count = number;
            return true;
        }

        problem = $"`--{name} {text}` is no whole number of at least 1";
        return false;
    }

    private static bool TrySize(Func<string, string?> value, string name, out long? bytes, out string problem)
    {
        (bytes, problem) = (null, "");
        if (value(name) is not { } text)
        {
            return true;
        }

        var unit = Array.Find(Units, u => text.EndsWith(u.Unit, StringComparison.Ordinal));
        if (unit.Unit is not null
            && int.TryParse(text[..^2], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
        {
            bytes = (long)number << unit.Shift;
            return true;
        }

        problem = $"`--{name} {text}` is no size such as 512Mi or 8Gi";
        return false;
    }
}
