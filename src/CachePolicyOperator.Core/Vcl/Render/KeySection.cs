namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// <c>vcl_hash</c>: scheme, host and URL, which every key has, and then every field under its own constant tag, absent
/// apart from empty. Varnish puts an end mark after every <c>hash_data</c> but none between concatenated strings, so
/// nothing is concatenated.
/// </summary>
internal static class KeySection
{
    /// <summary>How the first part of every key begins; what follows it is the scheme, where one is known.</summary>
    public const string Mark = "cachepolicy";

    /// <summary>How the tag of a header field begins; whether it is there is the next part.</summary>
    public const string HeaderTag = "header ";

    public const string Present = "present";

    public static void Write(VclWriter vcl, RenderPlan plan) => vcl.Sub("vcl_hash", () => vcl.Guard("key", () =>
    {
        // A hit pays for each of these, and for a key of more than 55 bytes again.
        WriteScheme(vcl);
        vcl.Line("hash_data(req.http.Host);");
        vcl.Line("hash_data(req.url);");
        foreach (var headers in plan.Keys.HeaderLists.Where(list => list.Count > 0))
        {
            vcl.Block(
                $"if ({plan.Keys.Is("req", key => key.Headers == headers)})",
                () => headers.Items.ToList().ForEach(header => WriteHeader(vcl, header)));
        }

        FragmentSection.WriteKey(vcl, plan);
        OriginSection.WriteKey(vcl, plan);
        vcl.Line("return (lookup);");
    }));

    private static void WriteScheme(VclWriter vcl)
    {
        vcl.Block("if (req.http.X-Forwarded-Proto == \"https\")", () => vcl.Line($"hash_data(\"{Mark} https\");"));
        vcl.Block("elseif (req.http.X-Forwarded-Proto == \"http\")", () => vcl.Line($"hash_data(\"{Mark} http\");"));
        vcl.Block("else", () => vcl.Line($"hash_data(\"{Mark}\");"));
    }

    private static void WriteHeader(VclWriter vcl, string header)
    {
        var variable = VclLiteral.Header("req", header);
        vcl.Line($"hash_data(\"{HeaderTag}{header}\");");
        vcl.Block($"if ({variable})", () =>
        {
            vcl.Line($"hash_data(\"{Present}\");");
            vcl.Line($"hash_data({variable});");
        });
        vcl.Block("else", () => vcl.Line("hash_data(\"absent\");"));
    }
}
