using System.Text;

namespace CachePolicyOperator.Agent.Varnish;

/// <summary>What varnishd answered to one command: a status and a body of any bytes.</summary>
internal sealed record CliReply(int Status, byte[] Body)
{
    public const int Ok = 200;
    public const int Truncated = 201;
    public const int AuthenticationRequired = 107;

    public string Text => Encoding.UTF8.GetString(Body);
}
