using System.Text.Json.Nodes;

namespace CachePolicyOperator.Oracle.Generate;

/// <summary>What is changed of responses, and which sites' scripts may read them.</summary>
internal sealed partial class PolicyGenerator
{
    private JsonObject Response()
    {
        var set = new JsonArray();
        foreach (var (name, value) in new[] { ("X-Frame-Options", "DENY"), ("Referrer-Policy", "no-referrer"),
            ("X-Hint", "say \"hi\"") })
        {
            if (dice.OneIn(3))
            {
                set.Add(Map(("name", name), ("value", value)));
            }
        }

        if (IsMistaken())
        {
            set.Add(Map(("name", dice.Of("Cache-Control", "Set-Cookie", "Vary", "Age")), ("value", "max-age=60")));
        }

        return Map(
            ("set", set.Count == 0 ? null : set),
            ("unset", dice.OneIn(2) ? List(Some("Server", "X-Powered-By", "X-Generator")) : null),
            ("browsers", dice.OneIn(3) ? dice.Of("NoCache", "NoStore") : null),
            ("cors", dice.OneIn(2) ? Cors() : null));
    }

    private JsonObject Cors()
    {
        var isForAll = dice.OneIn(3);
        return Map(
            ("origins", List(isForAll ? ["*"] : Some("https://app.example.com", "https://partner.example:8443"))),
            ("methods", dice.OneIn(2) ? List(Some("PUT", "DELETE")) : null),
            ("headers", dice.OneIn(2) ? List(Some("Content-Type", "Authorization")) : null),
            ("expose", dice.OneIn(3) ? List(["ETag"]) : null),
            ("credentials", !isForAll && dice.OneIn(3) ? true : null),
            ("maxAge", dice.OneIn(3) ? "10m" : null));
    }
}
