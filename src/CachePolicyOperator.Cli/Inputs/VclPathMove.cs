namespace CachePolicyOperator.Cli.Inputs;

/// <summary>
/// Where files that a VCL includes by absolute paths lie here: <c>/etc/varnish=./vcl</c>. varnishd has no such thing;
/// it is for who has the files of another machine.
/// </summary>
internal sealed record VclPathMove(string From, string To)
{
    /// <summary>The move that a value of <c>--vcl-path</c> says; null where it names a directory.</summary>
    public static VclPathMove? Of(string value) =>
        value.StartsWith('/') && value.Split('=', 2) is [var from, { Length: > 0 } to]
            ? new VclPathMove(from.TrimEnd('/'), to)
            : null;

    /// <summary>What is wrong with a value of <c>--vcl-path</c>; null where it can be used.</summary>
    public static string? MistakeIn(string value) => value.Length == 0 ? "a directory has a name"
        : value.Contains('=') && Of(value) is null && !Directory.Exists(value)
        ? $"`{value}` is neither a directory nor FROM=TO, where FROM is the absolute path that the VCL writes"
        : null;

    /// <summary>The path here; the same where it is not below <see cref="From"/>.</summary>
    public string Apply(string path) =>
        path.StartsWith(From + "/", StringComparison.Ordinal) ? Path.Combine(To, path[(From.Length + 1)..]) : path;
}
