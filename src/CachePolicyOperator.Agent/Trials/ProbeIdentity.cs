using System.Security.Cryptography;
using System.Text.RegularExpressions;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Agent.Trials;

/// <summary>
/// Somebody whom nobody else is: a marker that stands in each of the carriers by which the origin would know them, so
/// that a page made for them can be told by it. Markers of one trial begin alike.
/// </summary>
internal sealed partial record ProbeIdentity(string Marker)
{
    private const string Start = "cpoprobe";

    /// <summary>A beginning that only this trial has.</summary>
    public static string NewTrial() => Start + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    public static ProbeIdentity New(string trial) =>
        new($"{trial}x{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}");

    /// <summary>The request fields that carry it; a cookie where nothing is declared.</summary>
    public IEnumerable<(string Name, string Value)> Fields(IdentityCarriers carriers)
    {
        var cookies = carriers.Cookies.Items.Select(c => c.Replace('*', '1')).ToArray();
        if (cookies.Length == 0 && carriers.Headers.Count == 0)
        {
            cookies = [carriers.ExampleCookie()];
        }

        if (cookies.Length > 0)
        {
            yield return ("Cookie", string.Join("; ", cookies.Select(c => $"{c}={Marker}")));
        }

        foreach (var header in carriers.Headers)
        {
            yield return (header, header == "authorization" ? $"Bearer {Marker}" : Marker);
        }
    }

    /// <summary>The first marker in the text that is another's; null where there is none.</summary>
    /// <param name="trial">Whose markers are looked for.</param>
    public static string? Foreign(string text, string trial, ProbeIdentity? own) =>
        Markers().Matches(text).Select(m => m.Value)
            .FirstOrDefault(m => m.StartsWith(trial, StringComparison.Ordinal) && m != own?.Marker);

    [GeneratedRegex("cpoprobe[0-9a-f]{16}x[0-9a-f]{16}", RegexOptions.CultureInvariant)]
    private static partial Regex Markers();
}
