using System.Globalization;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Reviews;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>
/// Reads the settings that have defaults: <c>rollout</c>, <c>guard</c>, <c>fallback</c>, <c>review</c>.
/// </summary>
internal static class SettingsReader
{
    private const int MostGroups = 50;
    private const int MostKeys = 20;

    public static RolloutSettings Rollout(FieldReader spec)
    {
        var rollout = spec.Map<RolloutSpec>("rollout");
        var canary = rollout.Map<CanarySpec>("canary");
        var standard = RolloutSettings.Default;
        return new RolloutSettings(
            canary.Whole("pods", 0, 1_000) ?? standard.CanaryPods,
            canary.Whole("probes", 0, 1_000_000) ?? standard.CanaryProbes,
            canary.Time("window") ?? standard.CanaryWindow,
            Percent(rollout) ?? standard.MaxSurgePercent,
            rollout.Flag("warmPrevious") ?? standard.WarmPrevious)
        {
            CanaryRate = canary.Whole("probesPerSecond", 1, 1_000) ?? standard.CanaryRate,
        };
    }

    public static GuardSettings Guard(FieldReader spec)
    {
        var guard = spec.Map<GuardSpec>("guard");
        var onLeak = guard.Choice("onLeak", Enum.GetNames<LeakResponse>());
        return new GuardSettings(
            onLeak is null ? GuardSettings.Default.OnLeak : Enum.Parse<LeakResponse>(onLeak),
            guard.Real("sample", 0, 1) ?? GuardSettings.Default.Sample)
        {
            OriginContract = guard.Choice("originContract", Enum.GetNames<OriginContract>()) is { } contract
                ? Enum.Parse<OriginContract>(contract)
                : GuardSettings.Default.OriginContract,
        };
    }

    public static FallbackSettings Fallback(FieldReader spec)
    {
        var fallback = spec.Map<FallbackSpec>("fallback");
        var standard = FallbackSettings.Default;
        return new FallbackSettings(
            fallback.Choice("mode", "Automatic", "Manual") is not "Manual",
            fallback.Flag("purge") ?? standard.Purge,
            fallback.Map<FallbackOriginSpec>("origin")
                .Whole("maxConcurrency", 1, 1_000_000) ?? standard.OriginMaxConcurrency);
    }

    public static ReviewSettings Review(FieldReader spec)
    {
        var review = spec.Map<ReviewSpec>("review");
        // Who is named is asked: names that nobody waits for would do nothing.
        var required = review.Whole("required", 0, 10)
            ?? (review.Has("groups") || review.Has("keys") ? 1 : ReviewSettings.Default.Required);
        var groups = review.Texts("groups", MostGroups)
            .Select(g => g.Text)
            .Distinct(StringComparer.Ordinal)
            .ToEquatableList();
        var keys = Keys(review);
        if (required > 0 && !review.Has("groups") && !review.Has("keys"))
        {
            review.Findings.Error("review/nobody", review.At("required"),
                $"`required` is {required}, but nobody may review",
                "name groups in `groups`, or public keys in `keys`");
        }

        return new ReviewSettings(required, groups, keys);
    }

    private static EquatableList<ReviewKey> Keys(FieldReader review)
    {
        var keys = new List<ReviewKey>();
        foreach (var (node, path) in review.Each("keys", MostKeys))
        {
            var reader = FieldReader.Of<ReviewKeySpec>(node, path, review.Findings);
            var name = reader.RequiredText("name", "name the key: reviews refer to it", longest: 63);
            var publicKey = reader.RequiredText("publicKey", "give the public key as PEM", longest: 8192);
            if (publicKey is not null
                && (!publicKey.Contains("-----BEGIN PUBLIC KEY-----", StringComparison.Ordinal)
                    || !ReviewStatement.IsPublicKey(publicKey)))
            {
                reader.Findings.Error("key/invalid", reader.At("publicKey"),
                    "this is no public key in PEM of ECDSA, or of RSA with 2048 bits or more",
                    "it begins with `-----BEGIN PUBLIC KEY-----`; `openssl pkey -pubout` writes one");
            }

            if (name is not null && keys.Exists(k => k.Name == name))
            {
                reader.Findings.Error("name/duplicate", reader.At("name"), $"two keys are named {Quoted.Text(name)}",
                    "rename one of them");
            }

            if (name is not null && publicKey is not null)
            {
                keys.Add(new ReviewKey(name, publicKey));
            }
        }

        return keys.ToEquatableList();
    }

    private static int? Percent(FieldReader rollout)
    {
        if (rollout.Text("maxSurge", 16) is not { } text)
        {
            return null;
        }

        if (text.EndsWith('%')
            && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture,
                out var percent)
            && percent is >= 1 and <= 100)
        {
            return percent;
        }

        rollout.Findings.Error("field/range", rollout.At("maxSurge"),
            $"{Quoted.Text(text)} is no share from 1% to 100%", "write for example `25%`");
        return null;
    }
}
