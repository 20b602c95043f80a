using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>Reads how the origin is asked.</summary>
internal static class OriginConnectionReader
{
    private static readonly Duration OneHour = Duration.FromSeconds(3_600);

    public static OriginConnection Read(FieldReader origin)
    {
        var standard = OriginConnection.Default;
        return new OriginConnection(
            Wait(origin, "connectTimeout") ?? standard.ConnectTimeout,
            Wait(origin, "firstByteTimeout") ?? standard.FirstByteTimeout,
            Wait(origin, "betweenBytesTimeout") ?? standard.BetweenBytesTimeout,
            origin.Whole("maxConnections", 1, 1_000_000));
    }

    public static OriginProbe? Probe(FieldReader origin)
    {
        var probe = origin.Map<OriginProbeSpec>("probe");
        if (!probe.IsGiven)
        {
            return null;
        }

        var path = probe.RequiredText("path", "say which path a well origin answers, for example `/healthz`");
        if (path is not null && !(path[0] == '/' && path.All(c => c is > ' ' and <= '~' and not ('"' or '#'))))
        {
            probe.Findings.Error("probe/path", probe.At("path"),
                $"{Quoted.Text(path)} is no path that can be asked for",
                "begin with `/`, and encode what is no printable ASCII as `%XX`");
        }

        var read = new OriginProbe(
            path ?? "/",
            Wait(probe, "interval") ?? Duration.FromSeconds(5),
            Wait(probe, "timeout") ?? Duration.FromSeconds(2),
            probe.Whole("window", 1, 64) ?? 8,
            probe.Whole("threshold", 1, 64) ?? 3,
            probe.Whole("expectedStatus", 100, 599) ?? 200);
        if (read.Threshold > read.Window)
        {
            probe.Findings.Error("field/conflict", probe.At(probe.Has("threshold") ? "threshold" : "window"),
                $"{read.Threshold} good ones of the last {read.Window} answers there are never",
                    "make `threshold` at most `window`");
        }

        return read;
    }

    // Zero is no limit to varnishd.
    private static Duration? Wait(FieldReader reader, string field)
    {
        var time = reader.Time(field);
        if (time is { } given && (given == Duration.Zero || given > OneHour))
        {
            reader.Findings.Error("field/range", reader.At(field), $"{field} is from `1ms` to `1h`",
                "write for example `10s`");
            return null;
        }

        return time;
    }
}
