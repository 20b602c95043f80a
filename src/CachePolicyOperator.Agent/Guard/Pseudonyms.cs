using System.Security.Cryptography;
using System.Text;
using CachePolicyOperator.Agent.SharedLog;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Agent.Guard;

/// <summary>
/// Turns who asked, and what for, into keyed hashes: the same person has the same hash wherever the key is the same,
/// and nobody without the key learns more.
/// </summary>
internal sealed class Pseudonyms
{
    public const int KeyLength = 32;
    private const int HashLength = 16;

    private readonly byte[] _key;
    private readonly string[] _cookies;
    private readonly HashSet<string> _headers;
    private readonly HashSet<string> _queryParameters;

    public Pseudonyms(GuardConfiguration configuration)
    {
        _key = Convert.FromBase64String(configuration.IdentityKey);
        if (_key.Length != KeyLength)
        {
            throw new FormatException($"`identityKey` is not {KeyLength} bytes in Base64");
        }

        _cookies = [.. configuration.Identity.Cookies];
        _headers = new(configuration.Identity.Headers, StringComparer.OrdinalIgnoreCase) { "authorization" };
        _queryParameters = [.. configuration.Identity.QueryParameters];
    }

    /// <summary>
    /// Hash over every identity carrier of the request as it was received; null where it carried none.
    /// </summary>
    public string? Identity(ClientTransaction request)
    {
        var carriers = new List<(string Name, string Value)>();
        for (var i = 0; i < request.HeaderCount; i++)
        {
            AddHeader(carriers, request.Header(i));
        }

        AddQueryParameters(carriers, request.Target);
        if (carriers.Count == 0)
        {
            return null;
        }

        // By name, and within a name in order of arrival: a browser may send its cookies in any order.
        var text = new StringBuilder("identity\n");
        foreach (var (name, value) in carriers.OrderBy(c => c.Name, StringComparer.Ordinal))
        {
            text.Append(name.Length).Append(':').Append(name).Append(value.Length).Append(':').Append(value);
        }

        return Hash(Encoding.Latin1.GetBytes(text.ToString()));
    }

    public string Target(ReadOnlySpan<byte> target) => Hash([.. "target\n"u8, .. target]);

    private string Hash(ReadOnlySpan<byte> text)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, text, hash);
        return Convert.ToHexStringLower(hash[..HashLength]);
    }

    private void AddHeader(List<(string Name, string Value)> carriers, ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        if (colon <= 0)
        {
            return;
        }

        var name = Encoding.Latin1.GetString(line[..colon]);
        var value = Encoding.Latin1.GetString(line[(colon + 1)..]).Trim();
        if (name.Equals("cookie", StringComparison.OrdinalIgnoreCase))
        {
            foreach (var pair in value.Split(';'))
            {
                var equals = pair.IndexOf('=');
                var cookie = (equals < 0 ? pair : pair[..equals]).Trim();
                if (Array.Exists(_cookies, declared => IdentityCarriers.IsNamed(declared, cookie)))
                {
                    carriers.Add(($"cookie {cookie}", equals < 0 ? "" : pair[(equals + 1)..].Trim().Trim('"')));
                }
            }
        }

        if (_headers.Contains(name))
        {
            carriers.Add(($"header {name.ToLowerInvariant()}", value));
        }
    }

    private void AddQueryParameters(List<(string Name, string Value)> carriers, ReadOnlySpan<byte> target)
    {
        var question = target.IndexOf((byte)'?');
        if (question < 0 || _queryParameters.Count == 0)
        {
            return;
        }

        foreach (var pair in Encoding.Latin1.GetString(target[(question + 1)..]).Split('&'))
        {
            var equals = pair.IndexOf('=');
            var name = Uri.UnescapeDataString((equals < 0 ? pair : pair[..equals]).Replace('+', ' '));
            if (_queryParameters.Contains(name))
            {
                carriers.Add(($"query {name}", equals < 0 ? "" : pair[(equals + 1)..]));
            }
        }
    }
}
