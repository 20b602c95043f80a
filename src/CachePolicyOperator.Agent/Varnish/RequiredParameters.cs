namespace CachePolicyOperator.Agent.Varnish;

/// <summary>Sets the parameters of varnishd without which the guard reads nothing, or only beginnings.</summary>
internal sealed class RequiredParameters(IVarnish varnish, ILogger<RequiredParameters> logger)
{
    // Records that the guard reads, unmasked; whole header lines and VCLs instead of their beginnings.
    private const string NeededRecords =
        "+Begin,+End,+ReqMethod,+ReqURL,+ReqHeader,+BereqMethod,+BereqURL,+BerespStatus,+BerespHeader,+Hit,+VCL_call,+VCL_return,+VCL_use,+Link,+Timestamp,+TTL,"
        + "+Storage,+CLI";

    private readonly Dictionary<string, string> _asSet = [];

    /// <summary>Sets what is not as it was left. One at a time.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        // Answers as long as the longest VCL, log records as long as they can be.
        await EnsureAsync("cli_limit", _ => "64M", cancellationToken);
        await EnsureAsync("vsl_reclen", p => p.Maximum ?? p.Value, cancellationToken);
        await EnsureAsync("vsl_mask", _ => NeededRecords, cancellationToken);
    }

    /// <summary>Another varnishd may answer next time: all are set again.</summary>
    public void Forget() => _asSet.Clear();

    private async Task EnsureAsync(
        string name, Func<VarnishParameter, string> wanted, CancellationToken cancellationToken)
    {
        var parameter = await varnish.ParameterAsync(name, cancellationToken);
        if (_asSet.GetValueOrDefault(name) == parameter.Value)
        {
            return;
        }

        try
        {
            await varnish.SetParameterAsync(name, wanted(parameter), cancellationToken);
        }
        catch (CliRefusedException e)
        {
            // varnishd may be started with parameters that cannot be set (-r): the rest still works.
            logger.ParameterRefused(name, parameter.Value, e.Answer);
        }

        _asSet[name] = (await varnish.ParameterAsync(name, cancellationToken)).Value;
    }
}
