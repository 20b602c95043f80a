using System.CommandLine;
using CachePolicyOperator.Cli.Cluster;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>Waits until a policy is at a level, or has a condition.</summary>
internal static class WaitCommand
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);

    public static Command Create(Terminal terminal)
    {
        var cluster = new ClusterOptions(terminal);
        var name = cluster.NamedPolicy(new Argument<string>("name") { Description = "Name of the CachePolicy." });
        var hoped = new Option<string>("--for")
        {
            Description = "level=LEVEL: seen at that level. condition=TYPE: true for the spec of now; "
                + "condition=TYPE=STATUS: of that status.",
            Required = true,
            HelpName = "level=LEVEL|condition=TYPE[=STATUS]",
        };
        hoped.CompletionSources.Add(
            ["level=Cached", "level=Bypassed", "level=NoCache", "condition=Proven", "condition=Programmed",
            "condition=FallbackReady", "condition=Incident=False"]);
        hoped.Validators.Add(result =>
        {
            if (Hope.Read(result.GetValueOrDefault<string>() ?? "") is null)
            {
                result.AddError(
                    $"`{result.GetValueOrDefault<string>()}` is nothing to wait for; write `level=Cached`, "
                        + "`level=NoCache`, `condition=Proven` or `condition=Incident=False`");
            }
        });
        var timeout = CommonOptions.Timeout(60, most: 86_400);
        var command = cluster.AddTo(new Command("wait", """
            Wait until a policy is seen at a level, or has a condition.

            Exit code: 0 it is so, 1 the cluster refused or there is no such policy, 2 bad usage, 5 it did not come in time.
            """) { name, hoped, timeout });
        command.SetAction((parsed, cancellationToken) => cluster.RunAsync(parsed, policies => RunAsync(
            policies, parsed.GetRequiredValue(name), Hope.Read(parsed.GetRequiredValue(hoped))!,
            TimeSpan.FromSeconds(parsed.GetValue(timeout)), terminal, cancellationToken)));
        return Examples.Add(command,
            ("cachepolicy wait storefront -n web --for=level=Cached", "after an apply, or a return"),
            ("cachepolicy wait storefront -n web --for=condition=Programmed --timeout 300",
                "until every pod serves with it"));
    }

    private static async Task<int> RunAsync(
        PolicyCluster policies, string name, Hope hope, TimeSpan patience, Terminal terminal,
            CancellationToken cancellationToken)
    {
        var begun = terminal.Time.GetTimestamp();
        while (true)
        {
            var policy = await policies.PolicyAsync(name, cancellationToken);
            if (hope.IsFulfilled(policy))
            {
                await terminal.Out.WriteLineAsync($"{policies.Namespace}/{name}: {hope.Text}");
                return ExitCode.Success;
            }

            if (terminal.Time.GetElapsedTime(begun) >= patience)
            {
                await terminal.Error.WriteLineAsync(
                    $"error: {policies.Namespace}/{name}: "
                        + $"{SafeText.Of($"not {hope.Text} in {patience.TotalSeconds:0} s; {hope.Found(policy)}")}\n"
                    + $"help: `cachepolicy status {name} -n {policies.Namespace}` tells more, `cachepolicy doctor` why");
                return ExitCode.Unanswered;
            }

            await Task.Delay(LookAgain, terminal.Time, cancellationToken);
        }
    }

    /// <summary>What is waited for.</summary>
    private abstract record Hope(string Text)
    {
        public static Hope? Read(string text) => text.Split('=') switch
        {
            ["level", var level] when Enum.GetNames<CacheLevel>().Contains(level) => new LevelHope(level),
            ["condition", { Length: > 0 } type] => new ConditionHope(type, "True"),
            ["condition", { Length: > 0 } type, "True" or "False" or "Unknown"] =>
                new ConditionHope(type, text[(text.LastIndexOf('=') + 1)..]),
            _ => null,
        };

        public abstract bool IsFulfilled(CachePolicy policy);

        /// <summary>What there is instead.</summary>
        public abstract string Found(CachePolicy policy);
    }

    private sealed record LevelHope(string Level) : Hope($"at level {Level}")
    {
        public override bool IsFulfilled(CachePolicy policy) => policy.Status?.Level == Level;

        public override string Found(CachePolicy policy) => $"its level is {policy.Status?.Level ?? "not known yet"}";
    }

    private sealed record ConditionHope(string Type, string Status) : Hope($"{Type} {Status}")
    {
        // A condition of the spec before says nothing of this one.
        public override bool IsFulfilled(CachePolicy policy) =>
            Condition(policy) is { } found && found.Status == Status
                && (found.ObservedGeneration is null || found.ObservedGeneration >= (policy.Metadata.Generation ?? 0));

        public override string Found(CachePolicy policy) => Condition(policy) is { } found
            ? $"{Type} is {found.Status}, {found.Reason}: {found.Message}"
                + (found.ObservedGeneration < policy.Metadata.Generation ? " (of the spec before)" : "")
            : $"it has no condition {Type}";

        private Condition? Condition(CachePolicy policy) =>
            policy.Status?.Conditions?.FirstOrDefault(c => c.Type == Type);
    }
}
