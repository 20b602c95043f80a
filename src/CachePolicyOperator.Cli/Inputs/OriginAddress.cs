namespace CachePolicyOperator.Cli.Inputs;

/// <summary>Where an origin is, as it is typed: <c>HOST:PORT</c>, or <c>NAME=HOST:PORT</c>.</summary>
/// <param name="Origin">Null: the default one.</param>
internal sealed record OriginAddress(string? Origin, string Host, int Port)
{
    /// <summary>Null where it is none.</summary>
    public static OriginAddress? Parse(string text)
    {
        var equals = text.IndexOf('=');
        var (origin, address) = equals < 0 ? (null, text) : (text[..equals], text[(equals + 1)..]);
        var colon = address.LastIndexOf(':');
        return origin?.Length != 0 && colon > 0 && ushort.TryParse(address.AsSpan(colon + 1), out var port) && port > 0
            && !address.Any(c => char.IsWhiteSpace(c) || c is '"' or '\\' or '=' || char.IsControl(c))
                ? new OriginAddress(origin, address[..colon].Trim('[', ']'), port)
                : null;
    }
}
