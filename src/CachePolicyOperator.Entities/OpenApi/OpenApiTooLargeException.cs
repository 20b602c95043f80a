namespace CachePolicyOperator.Entities.OpenApi;

/// <summary>A description says more routes than are read. Caught where a description is read.</summary>
internal sealed class OpenApiTooLargeException() : Exception("too many routes");
