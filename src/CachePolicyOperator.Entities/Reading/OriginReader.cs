using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes.Origins;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>Reads <c>spec.origin</c>, and what each of <c>spec.origins</c> says alike.</summary>
internal static class OriginReader
{
    private const int MostProfiles = 10;

    public static Origin? Read(FieldReader spec) => ReadOne(spec.RequiredMap<OriginSpec>("origin",
        "name the Service behind the cache: `origin: {service: {name: …, port: …}}`"));

    public static Origin? ReadOne(FieldReader origin)
    {
        var service = ServicePort.Read(origin.RequiredMap<ServicePortSpec>("service",
            "name the Service behind the cache and its port"));
        var profiles = new List<string>();
        foreach (var (text, path) in origin.TextOrTexts("profile", MostProfiles))
        {
            if (OriginProfiles.Find(text) is not null)
            {
                profiles.Add(text);
            }
            else
            {
                origin.Findings.Error("profile/unknown", path, $"there is no origin profile {Quoted.Text(text)}",
                    Suggestion.Nearest(text, OriginProfiles.Ids) is { } meant
                        ? $"did you mean `{meant}`?"
                        : "leave it out for `strict`, which suits every origin, or use one of "
                            + $"{string.Join(", ", OriginProfiles.Ids)}");
            }
        }

        var standby = origin.Text("standby", 63);
        var (connection, probe) = (OriginConnectionReader.Read(origin), OriginConnectionReader.Probe(origin));
        var retries = origin.Whole("retries", 0, Origin.MostRetries) ?? 0;
        return service is null
            ? null
            : new Origin(service.Value.Name, service.Value.Port,
                profiles.Count == 0 ? ["strict"] : profiles.ToEquatableList())
            {
                Connection = connection,
                Probe = probe,
                Standby = standby,
                Retries = retries,
            };
    }
}
