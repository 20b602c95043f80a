using System.Text.RegularExpressions;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

/// <summary>Takes parts of the safety floor out of rendered VCL.</summary>
internal static class Guards
{
    public static string Remove(string vcl, string name)
    {
        var without = Regex.Replace(vcl, $@"^ *# guard:{name}$.*?^ *# end:{name}$\n", "",
            RegexOptions.Multiline | RegexOptions.Singleline);
        Assert.True(without.Length < vcl.Length, $"there is no guard `{name}`");
        return without;
    }
}
