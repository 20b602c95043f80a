using System.CommandLine;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>Prints a policy to start from.</summary>
internal static class NewCommand
{
    private const string Prefix = "presets/";
    private const string Suffix = ".yaml";

    /// <summary>What there is a policy for.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(NewCommand).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..^Suffix.Length]).Order(StringComparer.Ordinal),
    ];

    public static Command Create(Terminal terminal)
    {
        var like = new Option<string>("--like")
        {
            Description = $"What the site runs on: {string.Join(", ", Names)}.",
            HelpName = "PRESET",
            Required = true,
        };
        var host = new Option<string>("--host")
        {
            Description = "Host name of the site.",
            HelpName = "HOST",
            Required = true,
        };
        var name = new Option<string>("--name")
        {
            Description = "Name of the policy.",
            HelpName = "NAME",
            DefaultValueFactory = _ => "storefront",
        };
        var space = new Option<string>("--namespace", "-n")
        {
            Description = "Namespace of the policy and of the origin.",
            HelpName = "NAMESPACE",
            DefaultValueFactory = _ => "default",
        };
        var origin = new Option<string>("--origin")
        {
            Description = "Service and port of the origin. Default: the policy's name, port 8080.",
            HelpName = "SERVICE:PORT",
        };
        var command = new Command("new", """
            Print a policy to start from, for what a site runs on.
            It is proven for the personal pages that such a site has out of the box; yours are to be added.

            Exit code: 0 the policy is printed, 2 bad usage.
            """) { like, host, name, space, origin };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(like), parsed.GetRequiredValue(host), parsed.GetRequiredValue(name),
            parsed.GetRequiredValue(space), parsed.GetValue(origin), terminal));
        return Examples.Add(command,
            ("cachepolicy new --like wordpress --host www.example.com > policy.yaml && cachepolicy verify -f "
                + "policy.yaml", "a policy for WordPress, and its proof"));
    }

    private static int Run(string like, string host, string name, string space, string? origin, Terminal terminal)
    {
        if (!Names.Contains(like))
        {
            return Refuse($"there is no preset `{SafeText.Of(like)}`", Suggestion.For(like, [.. Names]), terminal);
        }

        string[] service = (origin ?? $"{name}:8080").Split(':');
        var odd = new[] { host, name, space, service[0] }.FirstOrDefault(text => !IsName(text));
        if (odd is not null)
        {
            return Refuse($"`{SafeText.Of(odd)}` is no name", "use lower-case letters, digits, `-` and `.`", terminal);
        }

        if (service.Length != 2 || !ushort.TryParse(service[1], out var port) || port == 0)
        {
            return Refuse($"`{SafeText.Of(origin!)}` is no Service and port", "write for example `--origin shop:8080`",
                terminal);
        }

        using var reader =
            new StreamReader(typeof(NewCommand).Assembly.GetManifestResourceStream($"{Prefix}{like}{Suffix}")!);
        terminal.Out.Write(reader.ReadToEnd()
            .Replace("$HOST", host, StringComparison.Ordinal)
            .Replace("$NAMESPACE", space, StringComparison.Ordinal)
            .Replace("$NAME", name, StringComparison.Ordinal)
            .Replace("$SERVICE", service[0], StringComparison.Ordinal)
            .Replace("$PORT", service[1], StringComparison.Ordinal));
        return ExitCode.Success;
    }

    private static int Refuse(string error, string? help, Terminal terminal)
    {
        terminal.Error.WriteLine($"error: {error}\nhelp: {help}");
        return ExitCode.Unusable;
    }

    private static bool IsName(string text) =>
        text.Length is > 0 and <= 253
            && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.')
            && char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1]);
}
