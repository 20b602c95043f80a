namespace CachePolicyOperator.Agent.Varnish;

/// <summary>
/// The parameters of varnishd that a proof takes for granted (<c>ProofAssumptions</c>). What somebody changed is put
/// back; where that would cut clients off, or varnishd refuses it, nothing is cached while it lasts.
/// </summary>
internal sealed class ProofParameters(IVarnish varnish, ILogger<ProofParameters> logger)
{
    private const int MostRounds = 4;

    /// <summary>What of `feature` changes how requests and responses are read.</summary>
    private static readonly string[] Reading =
    [
        "https_scheme", "http_date_postel", "esi_ignore_https", "esi_disable_xml_check", "esi_ignore_other_elements",
        "esi_remove_bom", "esi_include_onerror",
    ];

    private string? _unfit;

    /// <summary>Why no proof holds for the varnishd that runs; null where all is as proofs assume.</summary>
    public string? Unfit => Volatile.Read(ref _unfit);

    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        var unfit = await BoundAsync("max_restarts", cancellationToken)
            ?? await BoundAsync("max_retries", cancellationToken)
            ?? await FeaturesAsync(cancellationToken);
        if (Interlocked.Exchange(ref _unfit, unfit) != unfit && unfit is not null)
        {
            logger.ParametersUnfit(unfit);
        }
    }

    private async Task<string?> BoundAsync(string name, CancellationToken cancellationToken)
    {
        var parameter = await varnish.ParameterAsync(name, cancellationToken);
        return IsMore(parameter)
            && IsMore(parameter = await PutBackAsync(name, parameter, $"{MostRounds}", cancellationToken))
            ? $"`{name}` is {parameter.Value}, and proofs hold up to {MostRounds}; start varnishd without it"
            : null;
    }

    private static bool IsMore(VarnishParameter parameter) =>
        !int.TryParse(parameter.Value, out var rounds) || rounds > MostRounds;

    private async Task<string?> FeaturesAsync(CancellationToken cancellationToken)
    {
        const string Name = "feature";
        var features = await varnish.ParameterAsync(Name, cancellationToken);
        // Clients that speak it would be cut off if it were taken away under them.
        if (Has(features, "http2"))
        {
            return "`feature` has `+http2`, for which nothing is proven; start varnishd without it, "
                + "and let what ends TLS speak HTTP/1.1 with it";
        }

        var wanted = string.Join(',', Reading.Where(f => Has(features, f)).Select(f => $"-{f}"));
        if (wanted.Length > 0)
        {
            features = await PutBackAsync(Name, features, wanted, cancellationToken);
        }

        return Reading.FirstOrDefault(f => Has(features, f)) is { } left
            ? $"`feature` has `+{left}`, for which nothing is proven; start varnishd without it"
            : null;
    }

    private static bool Has(VarnishParameter features, string name) =>
        features.Value.Split(',').Contains($"+{name}", StringComparer.Ordinal);

    private async Task<VarnishParameter> PutBackAsync(
        string name, VarnishParameter found, string wanted, CancellationToken cancellationToken)
    {
        try
        {
            await varnish.SetParameterAsync(name, wanted, cancellationToken);
            logger.ParameterPutBack(name, found.Value, wanted);
        }
        catch (CliRefusedException e)
        {
            // varnishd may be started with parameters that cannot be set (-r).
            logger.ParameterRefused(name, found.Value, e.Answer);
        }

        return await varnish.ParameterAsync(name, cancellationToken);
    }
}
