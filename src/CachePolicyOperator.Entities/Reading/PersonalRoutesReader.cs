using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>From a <see cref="PersonalRoutes"/> as written to the model's, or to everything that is wrong with it.</summary>
public static class PersonalRoutesReader
{
    public static ReadResult<Core.Model.PersonalRoutes> Read(PersonalRoutes entity, IConfigMaps configMaps) =>
        throw new NotSupportedException();

    public static ReadResult<Core.Model.PersonalRoutes> Read(Document document, IConfigMaps configMaps) =>
        throw new NotSupportedException();
}
