namespace CachePolicyOperator.Agent.Varnish;

/// <summary>Where varnishd's command line listens (<c>-T</c>) and the file with its secret (<c>-S</c>).</summary>
internal sealed record CliEndpoint(string Host, int Port, string? SecretFile);
