using CachePolicyOperator.Agent.Acts;
using CachePolicyOperator.Agent.Hosting;

// The one place that writes to the terminal: help and usage, before there is a log.
#pragma warning disable RS0030
if (args is ["--help"] or ["-h"])
{
    Console.Out.Write(AgentOptions.Help);
    return 0;
}

if (AgentOptions.Read(args, Environment.GetEnvironmentVariable, out var problem) is not { } options)
{
    Console.Error.WriteLine(problem);
    return 2;
}
#pragma warning restore RS0030

await using var agent = AgentHost.Build(options, NoFailPoints.Instance, TimeProvider.System);
await agent.RunAsync();
return 0;
