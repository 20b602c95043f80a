using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>From a <see cref="CachePolicy"/> as written to a <see cref="Policy"/>, or to everything that is wrong with it.</summary>
public static class PolicyReader
{
    public static ReadResult<Policy> Read(CachePolicy entity, IConfigMaps configMaps) => throw new NotSupportedException();

    public static ReadResult<Policy> Read(Document document, IConfigMaps configMaps) => throw new NotSupportedException();
}
