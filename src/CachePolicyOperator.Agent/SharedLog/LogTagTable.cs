using System.Text;

namespace CachePolicyOperator.Agent.SharedLog;

/// <summary>Maps the numbers of the installed library's record types to those the agent reads.</summary>
internal static class LogTagTable
{
    public static LogTag[] Read()
    {
        var table = new LogTag[256];
        foreach (var tag in Enum.GetValues<LogTag>().Where(t => t != LogTag.Other))
        {
            var number = Number(tag.ToString());
            if (number is < 0 or > 255)
            {
                throw new NotSupportedException(
                    $"the installed library of Varnish does not know the log record `{tag}`");
            }

            table[number] = tag;
        }

        return table;
    }

    private static unsafe int Number(string name)
    {
        fixed (byte* text = Encoding.ASCII.GetBytes(name))
        {
            return VarnishApi.VSL_Name2Tag(text, name.Length);
        }
    }
}
