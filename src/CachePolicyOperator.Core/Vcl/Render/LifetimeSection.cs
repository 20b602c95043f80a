using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// How long a response is fresh: what the rule says, or what the origin says explicitly, never a default of Varnish.
/// </summary>
internal static class LifetimeSection
{
    private const string CacheControl = "beresp.http.Cache-Control";
    private const string SaysLifetime = $"beresp.http.Expires || {CacheControl} ~ \"(?i)max-?age\"";

    // RFC 9111, section 4.2.1: by the origin's own clock, where it tells it. A date that is none is no time away.
    private const string Date = "std.time(beresp.http.Date, now)";

    private const string OfExpires = $"std.time(beresp.http.Expires, {Date}) - {Date}";

    private static readonly Duration OneDay = Duration.FromSeconds(86_400);

    /// <summary>What an origin may say at most.</summary>
    public static Duration MaxTtl(Caching caching) => caching.MaxTtl ?? OneDay;

    public static void Write(VclWriter vcl, RenderPlan plan)
    {
        if (plan.Storings.Any(s => s.Ttl is null))
        {
            vcl.Sub("cp_lifetime_of_origin", () => vcl.Guard("explicit-lifetime", () => WriteOrigin(vcl)));
        }

        if (plan.Storings.Any(s => s.Ttl is not null || s.StatusTtls.Items.Any(told => told.Ttl > Duration.Zero)))
        {
            vcl.Sub("cp_expired", () => vcl.Guard("expired", () => WriteExpired(vcl)));
        }

        if (plan.Storings.Any(s => s.Grace is null))
        {
            vcl.Sub("cp_grace_of_origin", () => WriteGraceOfOrigin(vcl));
        }

        if (plan.Storings.Any(s => s.Grace != Duration.Zero))
        {
            vcl.Sub("cp_stale", () => vcl.Guard("stale", () => vcl.Block(
                $"if ({CacheControl} ~ \"(?i)must-revalidate|proxy-revalidate|s-maxage\")",
                () => vcl.Line("set beresp.grace = 0s;"))));
        }
    }

    public static void WriteRule(VclWriter vcl, Storing storing)
    {
        var word = "if";
        foreach (var told in storing.StatusTtls)
        {
            vcl.Block($"{word} (beresp.status == {told.Status})", () => WriteFixed(vcl, told.Ttl));
            word = "elseif";
        }

        if (word == "if")
        {
            WriteTtl(vcl, storing);
        }
        else
        {
            vcl.Block("else", () => WriteTtl(vcl, storing));
        }

        WriteGrace(vcl, storing);

        vcl.Line($"set beresp.keep = {storing.Keep};");
    }

    private static void WriteGrace(VclWriter vcl, Storing storing)
    {
        if (storing.Grace is { } grace)
        {
            vcl.Line($"set beresp.grace = {grace};");
        }
        else
        {
            vcl.Line("call cp_grace_of_origin;");
            vcl.Block($"if (beresp.grace > {storing.MaxTtl})", () => vcl.Line($"set beresp.grace = {storing.MaxTtl};"));
        }

        if (storing.Grace != Duration.Zero)
        {
            vcl.Line("call cp_stale;");
        }
    }

    private static void WriteTtl(VclWriter vcl, Storing storing)
    {
        if (storing.Ttl is { } ttl)
        {
            WriteFixed(vcl, ttl);
        }
        else if (storing.DefaultTtl is { } ttlOfSilence)
        {
            vcl.Block($"if ({SaysLifetime})", () => WriteOfOrigin(vcl, storing));
            vcl.Block("else", () => vcl.Line($"set beresp.ttl = {ttlOfSilence};"));
        }
        else
        {
            WriteOfOrigin(vcl, storing);
        }
    }

    private static void WriteFixed(VclWriter vcl, Duration ttl)
    {
        if (ttl == Duration.Zero)
        {
            StoreSection.Refuse(vcl, "status");
            return;
        }

        vcl.Line("call cp_expired;");
        vcl.Line($"set beresp.ttl = {ttl};");
    }

    private static void WriteOfOrigin(VclWriter vcl, Storing storing)
    {
        vcl.Line("call cp_lifetime_of_origin;");
        vcl.Block($"if (beresp.ttl > {storing.MaxTtl})", () => vcl.Line($"set beresp.ttl = {storing.MaxTtl};"));
        if (storing.MinTtl > Duration.Zero)
        {
            vcl.Block($"if (beresp.ttl < {storing.MinTtl})", () => vcl.Line($"set beresp.ttl = {storing.MinTtl};"));
        }
    }

    private static void WriteExpired(VclWriter vcl)
    {
        vcl.Comment("A date in the past of its origin, or one that is none, says that the response is stale already.");
        StoreSection.RefuseIf(
            vcl,
            $"beresp.http.Expires && {CacheControl} !~ \"(?i)max-?age\" && (beresp.http.Expires !~ \" GMT$\" || "
                + $"{OfExpires} <= 0s)",
            "expired");
    }

    private static void WriteOrigin(VclWriter vcl)
    {
        vcl.Comment("Varnish reads the same fields, but takes a default where it cannot: it is not asked.");
        StoreSection.RefuseIf(vcl,
            $"{CacheControl} ~ {{\"(?i)\"|s-maxage.*s-maxage|(?:^|[ \\t,])max-age.*[ \\t,]max-age\"}}", "lifetime");
        vcl.Line("set beresp.ttl = 0s;");
        vcl.Block($"if ({CacheControl} ~ \"(?i)(?:^|[ \\t,])s-maxage\")", () => WriteSeconds(vcl, "s-maxage"));
        vcl.Block($"elseif ({CacheControl} ~ \"(?i)(?:^|[ \\t,])max-age\")", () => WriteSeconds(vcl, "max-age"));
        vcl.Block("elseif (beresp.http.Expires ~ \" GMT$\")", () =>
        {
            vcl.Line($"set beresp.ttl = {OfExpires};");
            WriteAge(vcl);
        });
        StoreSection.RefuseIf(vcl, "beresp.ttl <= 0s", "lifetime");
    }

    private static void WriteGraceOfOrigin(VclWriter vcl)
    {
        vcl.Line("set beresp.grace = 0s;");
        vcl.Block(
            $"if ({CacheControl} ~ \"(?i)(?:^|[ \\t,])stale-while-revalidate=\")",
            () => vcl.Line($"set beresp.grace = {SecondsOf("stale-while-revalidate")};"));
    }

    private static void WriteSeconds(VclWriter vcl, string directive)
    {
        vcl.Line($"set beresp.ttl = {SecondsOf(directive)};");
        WriteAge(vcl);
    }

    private static string SecondsOf(string directive) =>
        $"std.duration(regsub({CacheControl}, \"(?i)^(?:.*,)?[ \\t]*{directive}=([0-9]{{1,12}})[ \\t]*(?:,.*)?$\", \"\\1\") + \"s\", 0s)";

    // RFC 9111, section 5.1: the first value counts, and one that does not begin with a number not at all.
    private static void WriteAge(VclWriter vcl) => vcl.Block(
        "if (beresp.http.Age ~ \"^[0-9]\")",
        () => vcl.Line(
            "set beresp.ttl = beresp.ttl - std.duration(regsub(beresp.http.Age, \"^([0-9]{1,12}).*$\", \"\\1\") + "
                + "\"s\", 0s);"));
}
