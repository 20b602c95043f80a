using System.Text.RegularExpressions;

namespace CachePolicyOperator.Agent.Varnish;

/// <summary>A parameter of varnishd, as <c>param.show</c> prints it.</summary>
/// <param name="Maximum">Null where there is none.</param>
internal sealed partial record VarnishParameter(string Value, string? Maximum)
{
    public static VarnishParameter Read(string text)
    {
        var maximum = MaximumLine().Match(text);
        return new VarnishParameter(
            ValueLine().Match(text).Groups[1].Value.Trim(), maximum.Success ? maximum.Groups[1].Value : null);
    }

    [GeneratedRegex(@"Value is: (.*?)(?: \[[a-z]+\])?(?: \(default\))?$", RegexOptions.Multiline)]
    private static partial Regex ValueLine();

    [GeneratedRegex(@"Maximum is: (\S+)$", RegexOptions.Multiline)]
    private static partial Regex MaximumLine();
}
