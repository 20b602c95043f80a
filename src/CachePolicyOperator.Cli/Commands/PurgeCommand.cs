using System.CommandLine;
using CachePolicyOperator.Cli.Cluster;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>Takes stored pages out of every cache pod of a policy.</summary>
internal static class PurgeCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = ClusterOptions.Named(new Argument<string>("name") { Description = "Name of the CachePolicy." });
        var paths = Several("--path", "Pages of this path, whatever their query.", "PATH");
        var prefixes = Several("--prefix", "Pages of this path and of all below it.", "PATH");
        var patterns = Several("--pattern",
            "Pages of paths like this: `*` is anything within a segment, `**` anything.", "PATTERN");
        var tags = Several("--tag", "Pages that the origin gave this tag (Cache-Tag, Surrogate-Key, xkey, …).", "TAG");
        var hosts = Several("--host", "Only pages of this host; alone: all of them.", "HOST");
        var all = new Option<bool>("--all") { Description = "Everything that is stored." };
        var wait = CommonOptions.Wait("Wait until every cache pod has confirmed.");
        var timeout = CommonOptions.Timeout(30);
        var cluster = new ClusterOptions(terminal);
        var command = cluster.AddTo(new Command("purge", """
            Take stored pages out of every cache pod, by path, prefix, pattern, tag or host.
            It makes a CacheInvalidation, which says what each pod did, and goes after an hour. Pods that are away do it when they are back.
            Without this tool: kubectl create -f, with `kind: CacheInvalidation` (`kubectl explain cinv.spec`).

            Exit code: 0 every pod has confirmed (with --wait=false: ordered), 1 it is refused, 2 bad usage, 5 not every pod confirmed in
            time: it stays ordered.
            """) { name, paths, prefixes, patterns, tags, hosts, all, wait, timeout });
        command.Validators.Add(result =>
        {
            var some = new[] { paths, prefixes, patterns, tags }.Any(o => result.GetResult(o) is not null);
            if (result.GetValue(all) && some)
            {
                result.AddError("`--all` takes everything; leave it out, or the paths and tags");
            }
            else if (!result.GetValue(all) && !some && result.GetResult(hosts) is null)
            {
                result.AddError(
                    "say which pages: `--path`, `--prefix`, `--pattern`, `--tag` or `--host`; "
                        + "`--all` takes everything");
            }
        });
        command.SetAction((parsed, cancellationToken) => cluster.RunAsync(parsed, policies =>
            new PurgeRun(policies, terminal).RunAsync(
                new CacheInvalidationSpec
                {
                    Policy = parsed.GetRequiredValue(name),
                    Paths = Given(parsed, paths),
                    PathPrefixes = Given(parsed, prefixes),
                    PathPatterns = Given(parsed, patterns),
                    Tags = Given(parsed, tags),
                    Hosts = Given(parsed, hosts),
                    All = parsed.GetValue(all) ? true : null,
                },
                parsed.GetValue(wait) ? TimeSpan.FromSeconds(parsed.GetValue(timeout)) : null,
                cancellationToken)));
        return Examples.Add(command,
            ("cachepolicy purge storefront -n web --path /news/1 --path /news",
                "an article, and the page that lists it"),
            ("cachepolicy purge storefront -n web --pattern '/news/*/print'", "the page for printing of every article"),
            ("cachepolicy purge storefront -n web --tag product-17", "whatever the origin made of it"),
            ("cachepolicy purge storefront -n web --all", "everything"));
    }

    private static Option<string[]> Several(string name, string description, string value) =>
        new(name) { Description = $"{description} Can be given several times.", HelpName = value };

    private static string[]? Given(ParseResult parsed, Option<string[]> option) =>
        parsed.GetValue(option) is { Length: > 0 } values ? values : null;
}
