namespace CachePolicyOperator.Entities.Documents;

/// <summary>Reads JSON, as the API server sends it to the admission webhook.</summary>
public static class JsonDocuments
{
    /// <summary>The one document of <paramref name="utf8"/>; a <paramref name="file"/> gives its diagnostics lines.</summary>
    public static DocumentResult Read(ReadOnlySpan<byte> utf8, string? file = null) => throw new NotSupportedException();
}
