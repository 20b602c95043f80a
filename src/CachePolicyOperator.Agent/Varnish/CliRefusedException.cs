namespace CachePolicyOperator.Agent.Varnish;

/// <summary>varnishd understood the command and refused it.</summary>
internal sealed class CliRefusedException(string command, int status, string answer)
    : Exception($"varnishd refused `{command}` with {status}: {answer}")
{
    public int Status { get; } = status;

    public string Answer { get; } = answer;
}
