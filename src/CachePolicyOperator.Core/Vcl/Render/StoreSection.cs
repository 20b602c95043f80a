using CachePolicyOperator.Core.HeaderFields;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// <c>vcl_backend_response</c>: what may be stored, judged on the origin's own fields before any of them is changed.
/// What may not leaves a hit-for-pass object, so that those who come next are passed with their own requests and nobody
/// waits for another.
/// </summary>
internal static class StoreSection
{
    private const string Path = $"bereq.http.{InternalHeaders.Path}";

    private static readonly string[] Targeted =
        [.. ResponseFields.TargetedAtCaches, .. ResponseFields.TargetedAtMakers];

    public static void Write(VclWriter vcl, RenderPlan plan)
    {
        vcl.Sub("cp_refuse", () =>
        {
            vcl.Line("set beresp.grace = 0s;");
            vcl.Line("set beresp.keep = 0s;");
            vcl.Line("return (pass(120s));");
        });
        vcl.Sub("cp_judge", () => WriteJudgement(vcl, plan));
        if (plan.Storings.Any(s => s.ChecksType))
        {
            vcl.Sub("cp_type", () => vcl.Guard("content-type", () => WriteTypes(vcl, plan)));
        }

        VarySection.Write(vcl, plan);
        LifetimeSection.Write(vcl, plan);
        new FirstMatch<Storing>(
            vcl, "bereq", group => WriteStore(vcl, plan, group), ("no-rule", () => Refuse(vcl, "no-rule")))
            .Write("cp_store", plan.Stores);
        vcl.Sub("vcl_backend_response", () => WriteResponse(vcl, plan));
        WriteError(vcl, plan);
    }

    /// <summary>Does not store the response where the condition holds.</summary>
    public static void RefuseIf(VclWriter vcl, string condition, string reason) =>
        vcl.Block($"if ({condition})", () => Refuse(vcl, reason));

    public static void Refuse(VclWriter vcl, string reason)
    {
        vcl.Line($"set beresp.http.{InternalHeaders.Refused} = \"{reason}\";");
        vcl.Line("call cp_refuse;");
    }

    private static void WriteResponse(VclWriter vcl, RenderPlan plan)
    {
        RetrySection.WriteOnAnswer(vcl, plan.Policies.Policy);
        vcl.Comment("The answer to a passed request is its client's alone, and is not edited.");
        vcl.Block("if (bereq.uncacheable)", () => vcl.Line("return (deliver);"));
        vcl.Line($"set {Path} = regsub(bereq.url, \"\\?.*$\", \"\");");
        RewriteSection.WriteBack(vcl, plan);
        OriginSection.WriteHostBack(vcl, plan);
        vcl.Line("call cp_judge;");
        vcl.Line("call cp_store;");
        vcl.Comment("By these an invalidation finds the object, and the ban lurker, which has no request.");
        StoredMarks.Write(vcl);
        vcl.Line("return (deliver);");
    }

    private static void WriteStore(VclWriter vcl, RenderPlan plan, RuleGroup<Storing> group)
    {
        vcl.Comment(SourceMap.Lines(group.Rules.Items.Select(r => $"{r.Path} {r.Name}")).ToArray());
        if (group.Does is not { } storing)
        {
            Refuse(vcl, "no-rule");
            return;
        }

        VarySection.WriteCall(vcl, plan, storing);
        if (storing.ChecksType)
        {
            vcl.Line("call cp_type;");
        }

        LifetimeSection.WriteRule(vcl, storing);
        if (storing.Compress)
        {
            vcl.Block(
                "if (!beresp.http.Content-Encoding && beresp.http.Content-Type ~ "
                    + $"{VclLiteral.String(ContentTypes.Text)})",
                () => vcl.Line("set beresp.do_gzip = true;"));
        }

        if (storing.Fragments)
        {
            vcl.Line("set beresp.do_esi = true;");
        }
    }

    private static void WriteJudgement(VclWriter vcl, RenderPlan plan)
    {
        vcl.Comment("VCL reads the first line of a field; whoever gets the response reads all.");
        foreach (var field in Targeted.Concat(
            ["Cache-Control", "Vary", "Pragma", "Expires", "Age", "Content-Type", "X-Accel-Expires"]))
        {
            vcl.Line($"std.collect(beresp.http.{field});");
        }

        vcl.Line($"unset beresp.http.{InternalHeaders.Refused};");
        vcl.Guard("personal-fetch", () =>
        {
            vcl.Comment("Asked again of the URL that was sent to the origin.");
            vcl.Line("call cp_personal_fetch;");
            RefuseIf(vcl, $"bereq.http.{InternalHeaders.Personal}", "personal");
        });
        vcl.Guard("set-cookie", () => RefuseIf(vcl, "beresp.http.Set-Cookie || beresp.http.Set-Cookie2", "set-cookie"));
        vcl.Guard("cache-control", () =>
        {
            vcl.Comment("With a list of fields after it (`private=\"x\"`) it counts as without.");
            RefuseIf(vcl, "beresp.http.Cache-Control ~ \"(?i)private|no-store|no-cache\"", "cache-control");
        });
        vcl.Guard("targeted-control", () => WriteTargeted(vcl));
        vcl.Guard("pragma",
            () => RefuseIf(vcl, "beresp.http.Pragma ~ \"(?i)no-cache\" && !beresp.http.Cache-Control", "pragma"));
        vcl.Guard("status", () => WriteStatus(vcl, plan));
        vcl.Guard("content-type", () =>
        {
            vcl.Comment("A page under the name of an asset is not what the rule means, whichever rule it is.");
            RefuseIf(
                vcl,
                $"{Path} ~ {VclLiteral.String(ContentTypes.AssetPath)} && (!beresp.http.Content-Type || "
                    + $"beresp.http.Content-Type ~ {VclLiteral.String(ContentTypes.PageTypes)})",
                "content-type");
        });
    }

    private static void WriteTargeted(VclWriter vcl)
    {
        vcl.Comment("What an origin tells other caches than this one may tighten, never loosen.");
        var fields = Targeted.Select(f => $"beresp.http.{f} ~ \"(?i)private|no-store|no-cache|max-?age=0\"");
        RefuseIf(vcl, string.Join(" || ", fields) + " || beresp.http.X-Accel-Expires ~ \"^(?:0|@)\"",
            "targeted-control");
    }

    private static void WriteStatus(VclWriter vcl, RenderPlan plan)
    {
        vcl.Block("if (beresp.status >= 500)", () =>
        {
            vcl.Comment("A failed refresh leaves the stale object for as long as it may be served.");
            vcl.Block("if (bereq.is_bgfetch)", () => vcl.Line("return (abandon);"));
            vcl.Line($"set beresp.http.{InternalHeaders.Refused} = \"status\";");
            WriteUncacheable(vcl);
            vcl.Line("return (deliver);");
        });
        RefuseIf(
            vcl,
            "beresp.status != 200 && beresp.status != 301 && beresp.status != 308 && beresp.status != 404 && "
                + "beresp.status != 410",
            "status");
        RefuseIf(vcl, "beresp.http.Content-Range || beresp.http.WWW-Authenticate", "status");
        var tokens = plan.Identity.QueryParameters.Items.Concat(
            ["access_token", "id_token", "token", "code", "session", "sid", "jsessionid"])
            .Distinct().Order(StringComparer.Ordinal);
        RefuseIf(vcl, $"beresp.http.Location ~ {VclLiteral.String($"(?i)[?&;#]{RegexText.AnyOf(tokens)}=")}",
            "location");
    }

    private static void WriteTypes(VclWriter vcl, RenderPlan plan)
    {
        var extensions = plan.Stores.Items.Where(g => g.Does is { ChecksType: true })
            .SelectMany(g => g.Rules.Items).SelectMany(r => r.Match.Extensions.Items);
        foreach (var (names, types) in ContentTypes.Group(extensions))
        {
            var hasExtension = $"{Path} ~ {VclLiteral.String($@"(?i)\.{RegexText.AnyOf(names)}$")}";
            var isOther = types is null
                ? "(!beresp.http.Content-Type || beresp.http.Content-Type ~ \"(?i)html|xml|json|[,]\")"
                : $"beresp.http.Content-Type !~ {VclLiteral.String($"(?i)^{types}[ \\t]*(?:;|$)")}";
            RefuseIf(vcl, $"{hasExtension} && {isOther}", "content-type");
        }
    }

    private static void WriteError(VclWriter vcl, RenderPlan plan) => vcl.Sub("vcl_backend_error", () =>
    {
        RetrySection.WriteOnFailure(vcl, plan.Policies.Policy);
        vcl.Block("if (bereq.is_bgfetch)", () => vcl.Line("return (abandon);"));
        WriteUncacheable(vcl);
        vcl.Line("set beresp.http.Content-Type = \"text/plain; charset=utf-8\";");
        vcl.Line("set beresp.http.Cache-Control = \"no-store\";");
        vcl.Line("set beresp.http.Retry-After = \"5\";");
        vcl.Line("set beresp.body = \"The origin does not answer.\";");
        vcl.Line("return (deliver);");
    });

    // Short, so that an origin that is back is asked at once; not zero, which newer engines hand to everyone who waits.
    private static void WriteUncacheable(VclWriter vcl)
    {
        vcl.Line("set beresp.uncacheable = true;");
        vcl.Line("set beresp.ttl = 1s;");
        vcl.Line("set beresp.grace = 0s;");
        vcl.Line("set beresp.keep = 0s;");
    }
}
