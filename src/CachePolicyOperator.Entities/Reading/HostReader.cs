using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>Reads <c>hosts</c>: DNS names in lower case, each once.</summary>
internal static class HostReader
{
    private const int Most = 100;

    public static EquatableList<HostName> Read(FieldReader spec)
    {
        if (spec.IsGiven && !spec.Has("hosts"))
        {
            spec.Missing("hosts", "list the host names that clients ask for, for example `hosts: [www.example.com]`");
        }

        var elements = spec.Each("hosts", Most).ToArray();
        if (spec.IsEmptyList("hosts"))
        {
            spec.Findings.Error("field/empty", spec.At("hosts"), "`hosts` lists no host",
                "list the host names that clients ask for");
        }

        var hosts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (node, path) in elements)
        {
            if (node is { Kind: NodeKind.Text } && string.IsNullOrWhiteSpace(node.Text))
            {
                spec.Findings.Error("host/empty", path, "the host is empty",
                    "write a host name, for example `www.example.com`, or remove it");
            }
            else if (spec.TextOf(node, path, 253) is { } text && Check(spec.Findings, text, path) is { } host
                && !hosts.TryAdd(host, path))
            {
                spec.Findings.Error("name/duplicate", path,
                    $"host {Quoted.Text(host)} is listed twice, first at {hosts[host]}", "remove one of them");
            }
        }

        return hosts.Keys.Select(h => new HostName(h)).ToEquatableList();
    }

    /// <summary>A field that is one host; null where it is absent or wrong.</summary>
    public static HostName? One(FieldReader reader, string field) =>
        reader.Text(field, 253) is { } text && Check(reader.Findings, text, reader.At(field)) is { } host
            ? new HostName(host)
            : null;

    private static string? Check(Findings findings, string text, string path)
    {
        var host = text.ToLowerInvariant();
        if (Names.IsSubdomain(host))
        {
            return host;
        }

        if (host.Contains('*', StringComparison.Ordinal))
        {
            findings.Error("host/wildcard", path, $"host {Quoted.Text(text)} is a wildcard",
                "list each host: the cache key and the proof are per host, and a wildcard would cover hosts that "
                    + "nobody has looked at");
            return null;
        }

        var why = LookAlikes.First(text) is { } letter ? $": {letter} is not ASCII" : "";
        findings.Error("host/invalid", path, $"{Quoted.Text(text)} is no host name{why}", Remedy(host));
        return null;
    }

    private static string Remedy(string host) => host switch
    {
        _ when host.Contains("://", StringComparison.Ordinal) => "leave out the scheme and the path: `www.example.com`",
        _ when host.Contains('/', StringComparison.Ordinal) => "leave out the path: `www.example.com`",
        _ when host.Contains(':', StringComparison.Ordinal) =>
            "leave out the port: a policy answers for a host on every port",
        _ when host.EndsWith('.') => "leave out the last dot",
        _ when host.Any(c => c > 127) =>
            "type the letter anew where it was meant as a Latin one; servers see an international name in its ASCII "
                + "form (`xn--…`): write that",
        _ => "use letters, digits, `-` and `.`; each part begins and ends with a letter or a digit and has at most 63 "
            + "of them",
    };
}
