using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>Reads which requests a rule passes although it matches them.</summary>
internal static class BypassReader
{
    public static Bypass Read(FieldReader bypass) => new(
        BroughtReader.Read(bypass, "cookies", "cookie"),
        BroughtReader.Headers(bypass, "headers"),
        BroughtReader.Read(bypass, "query", "query parameter"));
}
