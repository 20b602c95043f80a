using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>Hosts as a regular expression for the field <c>Host</c>, which may have a port.</summary>
internal static class HostRegex
{
    // Only lower case and no dot at the end: another spelling is passed as it is.
    public static string Of(EquatableList<HostName> hosts) =>
        $"^{RegexText.AnyOf(hosts.Items.Select(h => h.Value).Order(StringComparer.Ordinal))}(?::[0-9]{{1,5}})?$";
}
