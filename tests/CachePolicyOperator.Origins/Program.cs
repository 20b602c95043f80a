using CachePolicyOperator.Origins;

switch (args)
{
    case [var repository]:
        return await OriginsCommand.RunAsync(repository, string.Empty, Console.Out, CancellationToken.None);
    case [var repository, "--only", var prefix]:
        return await OriginsCommand.RunAsync(repository, prefix, Console.Out, CancellationToken.None);
    default:
        await Console.Error.WriteLineAsync("usage: cachepolicy-origins REPOSITORY [--only PREFIX]");
        return 2;
}
