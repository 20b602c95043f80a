using System.Text.RegularExpressions;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Core.Tests.Verification.Leaks;

/// <summary>A request of one of the two people, as bytes.</summary>
internal sealed partial record ReplayRequest(
    string Method, string Target, EquatableList<HeaderField> Headers, string Body = "")
{
    public static ReplayRequest Of(Witness witness) => new(witness.Method, Unescape(witness.Target), witness.Headers);

    public ReplayRequest With(string name, string value) =>
        this with { Headers = Headers.Items.Append(new HeaderField(name, value)).ToEquatableList() };

    public ReplayRequest Without(string name) =>
        this with { Headers = Headers.Items.Where(h => !Is(h, name)).ToEquatableList() };

    public ReplayRequest WithoutLast(string name)
    {
        var last = Headers.Items.LastOrDefault(h => Is(h, name));
        return this with { Headers = Headers.Items.Where(h => !ReferenceEquals(h, last)).ToEquatableList() };
    }

    /// <summary>The same with every digit in the field's lines changed: another session, another key.</summary>
    public ReplayRequest WithOther(string name) =>
        this with
        {
            Headers = Headers.Items.Select(h => Is(h, name) ? h with { Value = h.Value.Replace('1', '2') } : h)
            .ToEquatableList()
        };

    public ReplayRequest At(string host, string target) => Without("Host").With("Host", host) with { Target = target };

    public bool Has(string name) => Headers.Items.Any(h => Is(h, name));

    public Task<RawResponse> SendAsync(int port)
    {
        var length = Body.Length == 0 ? [] : new[] { ("Content-Length", $"{Body.Length}") };
        var text = RawHttp.Request(Method, Target, [.. Headers.Items.Select(h => (h.Name, h.Value)), .. length]);
        return RawHttp.SendAsync("127.0.0.1", port, text + Body);
    }

    private static bool Is(HeaderField header, string name) =>
        header.Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static string Unescape(string target) =>
        Escaped().Replace(target, m => ((char)Convert.ToByte(m.Groups["hex"].Value, 16)).ToString());

    [GeneratedRegex(@"\\x(?<hex>[0-9a-f]{2})")]
    private static partial Regex Escaped();
}
