using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>Reads a Service and one of its ports.</summary>
internal static class ServicePort
{
    public static (string Name, int Port)? Read(FieldReader service)
    {
        if (service.IsGiven && !service.Has("port"))
        {
            service.Missing("port", "give the port number of the Service, for example `port: 80`");
        }

        var name = service.RequiredText("name", "name the Service");
        var port = service.Whole("port", 1, 65_535);
        if (name is not null && !(Names.IsLabel(name) && char.IsAsciiLetter(name[0])))
        {
            service.Findings.Error("name/invalid", service.At("name"), $"{Quoted.Text(name)} is no name of a Service",
                "Kubernetes allows lower-case letters, digits and `-`, beginning with a letter, at most 63 characters");
            return null;
        }

        return name is not null && port is not null ? (name, port.Value) : null;
    }
}
