using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>
/// From a <see cref="PersonalRoutes"/> as written to the model's, or to everything that is wrong with it. Never throws.
/// </summary>
public static class PersonalRoutesReader
{
    public static ReadResult<Core.Model.PersonalRoutes> Read(PersonalRoutes entity, IConfigMaps configMaps)
    {
        var findings = new Findings();
        return EntityDocument.Of(entity, findings) is { } document
            ? Read(document, configMaps)
            : new ReadResult<Core.Model.PersonalRoutes>(null, findings.ToList());
    }

    public static ReadResult<Core.Model.PersonalRoutes> Read(Document document, IConfigMaps configMaps)
    {
        var findings = new Findings();
        var name = MetadataReader.Read(document, PersonalRoutes.KubeKind, findings);
        var spec = MetadataReader.Spec<PersonalRoutesSpec>(document, findings);
        var hosts = HostReader.Read(spec);
        // The routes bind other objects, so their paths say whose they are.
        var reader = new PersonalReader(findings, configMaps, name.Namespace,
            $"{PersonalRoutes.KubePluralName}/{name.Name}: ");
        if (spec.IsGiven && !spec.Has("routes") && !spec.Has("identity") && !spec.Has("review"))
        {
            spec.Missing("routes", "list the personal routes, for example `routes: [{pathPrefix: /mypage}]`");
        }

        var personal = new PersonalData(reader.Routes(spec), PersonalReader.Identity(spec));
        var review = SettingsReader.Review(spec);
        return ReadResult.Of(
            findings, () => new Core.Model.PersonalRoutes(name, hosts, personal) { Review = review });
    }
}
