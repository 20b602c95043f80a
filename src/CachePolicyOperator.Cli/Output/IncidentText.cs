using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Cli.Output;

/// <summary>Tells an incident to a person.</summary>
internal static class IncidentText
{
    public static void Write(CacheIncident incident, Terminal terminal)
    {
        var (output, paint) = (terminal.Out, new Paint(terminal.Colour));
        var (spec, status) = (incident.Spec, incident.Status ?? new CacheIncidentStatus());
        output.WriteLine(
            $"{paint.Strong(incident.Metadata.Name)}: {status.Phase ?? "-"}, policy {spec.Policy}, level "
                + $"{status.Level ?? spec.Level ?? "-"}");
        output.WriteLine(
            $"  trigger   {spec.Trigger?.Kind ?? "-"}{(spec.Trigger?.Pod is { } pod ? $" in {pod}" : "")} at "
                + $"{spec.Trigger?.Time ?? "-"}");
        if (spec.Trigger?.Reason is { } reason)
        {
            output.WriteLine($"  reason    {SafeText.Of(reason)}");
        }

        foreach (var digest in (status.Revisions ?? spec.Revisions ?? []).Distinct())
        {
            output.WriteLine($"  barred    {digest}");
        }

        if (status.Totals is { } totals)
        {
            output.WriteLine(
                $"  exposed   {totals.Objects ?? 0} stored objects, served to {totals.Requests ?? 0} requests of "
                    + $"{totals.Identities ?? 0} identities");
        }

        if (status.ReturnedWith is not null)
        {
            output.WriteLine($"  returned  {status.ReturnedAt} with {status.ReturnedWith}");
        }

        Timeline(status, output, paint);
        Exposures(status, output, paint);
    }

    private static void Timeline(CacheIncidentStatus status, TextWriter output, Paint paint)
    {
        if (status.Timeline is not { Count: > 0 } timeline)
        {
            return;
        }

        output.WriteLine();
        Table.Write(output, paint, ["TIME", "ACTOR", "WHAT"], timeline.Select(e => new[] { e.Time, e.Actor, e.What }));
        if (status.TimelineTruncated is true)
        {
            output.WriteLine(paint.Warning("the timeline left something out"));
        }
    }

    private static void Exposures(CacheIncidentStatus status, TextWriter output, Paint paint)
    {
        foreach (var exposure in status.Exposures ?? [])
        {
            output.WriteLine();
            output.WriteLine(
                $"{paint.Strong(SafeText.Of(exposure.Route ?? "no personal route"))}  object {exposure.ObjectId} in "
                    + $"{exposure.Pod}");
            var rows = new[] { exposure.StoredBy }.OfType<SightingStatus>().Select(s => Row("stored by", s))
                .Concat((exposure.ServedTo ?? []).Select(s => Row("served to", s)));
            Table.Write(output, paint, ["", "IDENTITY", "TIME", "METHOD", "TARGET"], rows);
            if (exposure.ServedTotal is { } total && total > (exposure.ServedTo?.Count ?? 0))
            {
                output.WriteLine(
                    paint.Warning($"and {total - (exposure.ServedTo?.Count ?? 0)} more requests were served it"));
            }
        }

        if (status.ExposuresTruncated is true)
        {
            output.WriteLine(paint.Warning("the exposures left something out; the totals are exact"));
        }
    }

    private static string?[] Row(string what, SightingStatus sighting) =>
        [what, sighting.Identity ?? "anonymous", sighting.Time, sighting.Method, sighting.Target];
}
