using CachePolicyOperator.Core.Invalidations;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>Reads which path an origin is asked for instead of the client's.</summary>
internal static class RewriteReader
{
    public static PathRewrite? Read(FieldReader rewrite)
    {
        if (!rewrite.IsGiven)
        {
            return null;
        }

        if ((Path(rewrite, "prefix"), Path(rewrite, "with")) is not ({ } prefix, { } with))
        {
            return null;
        }

        if (prefix.TrimEnd('/') == with.TrimEnd('/'))
        {
            rewrite.Findings.Error("rewrite/nothing", rewrite.Path, $"{Quoted.Text(prefix)} stays what it is",
                "say another path in `with`, or remove `rewrite`");
            return null;
        }

        return new PathRewrite(prefix, with);
    }

    private static string? Path(FieldReader rewrite, string field)
    {
        if (rewrite.RequiredText(field, "write for example `rewrite: {prefix: /shop, with: /}`") is not { } text)
        {
            return null;
        }

        var at = rewrite.At(field);
        if (text[0] != '/')
        {
            rewrite.Findings.Error("route/not-a-path", at, $"{Quoted.Text(text)} does not begin with `/`",
                $"write {Quoted.Text("/" + text)}");
        }
        else if (LiteralPath.Check(field, text, at) is { } pattern)
        {
            rewrite.Findings.Add(pattern with { Help = "write the path letter by letter" });
        }
        else if (!Bans.CanBeStored(text))
        {
            rewrite.Findings.Error("rewrite/path", at,
                $"{Quoted.Text(text)} is a path that caches and origins may read differently",
                "write it as the origin names it: without a query, `//`, `.` and encoded slashes");
        }
        else
        {
            return text;
        }

        return null;
    }
}
