using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Core.Tests.Verification.Questions;

/// <summary>Vmods that do not come with Varnish: any value, and no end of the proof.</summary>
public sealed class OtherVmodTests
{
    [Theory]
    [InlineData("accept", "new v = accept.rule(\"en\");",
        "set req.http.Accept-Language = v.filter(req.http.Accept-Language);")]
    [InlineData("querystring", "new v = querystring.filter();",
        "set req.http.X-Clean = v.apply(req.url); unset req.http.X-Clean;")]
    [InlineData("re", "new v = re.regex(\"^/news\");", "if (v.match(req.url)) { std.log(v.backref(0)); }")]
    [InlineData("jwt", "new v = jwt.reader();", "if (!v.parse(req.http.X-Token)) { return (pass); }")]
    [InlineData("vsthrottle", "", "if (vsthrottle.is_denied(client.ip, 10, 1s)) { return (synth(429)); }")]
    [InlineData("geoip2", "new v = geoip2.geoip2(\"/x.mmdb\");", "std.log(v.lookup(\"country/iso_code\", client.ip));")]
    [InlineData("digest", "", "std.log(digest.hash_sha256(req.url));")]
    [InlineData("header", "", "std.log(header.get(req.http.Via, \"x\"));")]
    [InlineData("std", "", "if (std.getenv(\"SITE\") == \"down\") { return (synth(503)); }")]
    public void Is_followed(string vmod, string made, string used) =>
        Assert.Equal(VerdictKind.Proven, Verify(vmod, made, used).Kind);

    [Theory]
    [InlineData("re", "new v = re.regex(\"session=([^;]+)\");",
        "if (v.match(req.http.Cookie)) { set req.http.X-User = v.backref(1); }")]
    [InlineData("re", "new v = re.regex(\"session=(a|b)\");",
        "if (v.match(req.http.Cookie)) { if (v.backref(1) == \"a\") { set req.http.X-User = \"a\"; } }")]
    [InlineData("jwt", "new v = jwt.reader();",
        "if (v.parse(req.http.Authorization)) { set req.http.X-User = v.to_string(); }")]
    [InlineData("header", "", "set req.http.X-User = header.get(req.http.Cookie, \"session=\");")]
    [InlineData("accept", "new v = accept.rule(\"en\");", "set req.http.X-User = v.filter(req.http.Cookie);")]
    [InlineData("re", "new v = re.regex(\"x\");", "v.foreach(req.http.Cookie, tell);",
        "sub tell { set req.http.X-User = req.http.Cookie; }")]
    [InlineData("nobody", "", "nobody.knows(req.http.Cookie);")]
    public void What_it_may_tell_of_who_asks_is_not_proven(string vmod, string made, string used, string more = "") =>
        Assert.NotEqual(VerdictKind.Proven, Verify(vmod, made, used, more).Kind);

    [Theory]
    [InlineData("/usr/lib/x86_64-linux-gnu/varnish/vmods/libvmod_std.so", VerdictKind.Proven)]
    [InlineData("libvmod_std.so", VerdictKind.Proven)]
    [InlineData("/srv/libvmod_std.so", VerdictKind.Unknown)]
    [InlineData("/usr/../srv/libvmod_std.so", VerdictKind.Unknown)]
    public void What_a_file_does_that_no_package_brought_its_name_does_not_tell(string path, VerdictKind verdict) =>
        Assert.Equal(verdict,
            Verify($"std as own from \"{path}\"", "", "own.collect(req.http.Cookie); unset req.http.X-User;").Kind);

    // Nothing of it is called: varnishd loads it all the same, and what is loaded runs.
    [Theory]
    [InlineData("/usr/lib/x86_64-linux-gnu/varnish/vmods/libvmod_std.so", VerdictKind.Proven)]
    [InlineData("/srv/own/libvmod_std.so", VerdictKind.Unknown)]
    [InlineData("./libvmod_std.so", VerdictKind.Unknown)]
    public void A_file_runs_when_it_is_loaded(string path, VerdictKind verdict) =>
        Assert.Equal(verdict, Verify($"std as own from \"{path}\"", "", "unset req.http.X-User;").Kind);

    [Theory]
    [InlineData("\"/srv/pages/closed.html\"", VerdictKind.Proven)]
    [InlineData("\"/etc/varnish/pages/closed.html\"", VerdictKind.Proven)]
    [InlineData("req.http.X-File", VerdictKind.Unknown)]
    [InlineData("\"/srv/\" + req.http.X-File", VerdictKind.Unknown)]
    [InlineData("\"/srv/../var/lib/varnish/run/_.secret\"", VerdictKind.Unknown)]
    [InlineData("\"_.secret\"", VerdictKind.Unknown)]
    [InlineData("\"/proc/self/environ\"", VerdictKind.Unknown)]
    [InlineData("\"/var/lib/varnish/run/_.vsm_child/_.index\"", VerdictKind.Unknown)]
    [InlineData("\"/etc/cachepolicy/tls/tls.key\"", VerdictKind.Unknown)]
    [InlineData("\"/etc/varnish/secret\"", VerdictKind.Unknown)]
    public void A_page_of_a_file_shows_neither_a_secret_nor_the_log(string file, VerdictKind verdict) =>
        Assert.Equal(verdict, Verify("std", "", "unset req.http.X-User;",
            $"sub vcl_synth {{ synthetic(std.fileread({file})); return (deliver); }}").Kind);

    private static Verdict Verify(string vmod, string made, string used, string more = "") =>
        VclVerifier.Verify(
            VclParser.Parse("default.vcl", $$"""
                vcl 4.1;
                import std;
                {{(vmod == "std" ? string.Empty : $"import {vmod};")}}
                backend default { .host = "192.0.2.1"; .port = "8080"; }
                {{more}}
                sub vcl_init { {{made}} }
                sub vcl_recv {
                    if (req.method != "GET" && req.method != "HEAD") { return (pass); }
                    if (req.url !~ "^/news/[a-z]+$" || req.http.Authorization) { return (pass); }
                    {{used}}
                    unset req.http.Cookie;
                    return (hash);
                }
                sub vcl_hash { hash_data(req.http.Accept-Language); }
                sub vcl_backend_response {
                    if (beresp.http.Vary ~ "(?i)cookie|authorization|\*" || beresp.http.Set-Cookie
                        || beresp.http.Cache-Control ~ "(?i)private|no-store|no-cache") {
                        set beresp.uncacheable = true;
                        return (deliver);
                    }
                }
                """),
            new VclQuestion(PersonalLanguage.Of([new PathPrefix("/account")], []),
                new IdentityCarriers(["session"], [], []), EngineVersion.Default, Strict: false));
}
