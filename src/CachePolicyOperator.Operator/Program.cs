using CachePolicyOperator.Operator.Hosting;

// The only words that are not for the log: to the person who starts it.
#pragma warning disable RS0030
if (args.Contains("--help") || args.Contains("-h"))
{
    await Console.Out.WriteAsync(CommandLine.Help);
    return 0;
}

if (args is [var only] && only.StartsWith(CommandLine.Check, StringComparison.Ordinal))
{
    if (!Uri.TryCreate(only[CommandLine.Check.Length..], UriKind.Absolute, out var address))
    {
        await Console.Error.WriteLineAsync($"cachepolicy-operator: `{only}` names no address");
        return 2;
    }

    var fault = await HealthCheck.AskAsync(address, TimeProvider.System, CancellationToken.None);
    await Console.Out.WriteLineAsync(fault is null ? "the operator is ready" : $"the operator is not ready: {fault}");
    return fault is null ? 0 : 1;
}

if (CommandLine.Read(args, Environment.GetEnvironmentVariable, out var problem) is not { } options)
{
    await Console.Error.WriteLineAsync($"cachepolicy-operator: {problem}");
    return 2;
}
#pragma warning restore RS0030

await using var app = OperatorHost.Build(options);
await app.RunAsync();
return 0;
