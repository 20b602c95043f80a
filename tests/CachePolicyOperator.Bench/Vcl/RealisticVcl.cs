using System.Text;

namespace CachePolicyOperator.Bench.Vcl;

/// <summary>
/// Five hundred lines in the shape of the VCL that shops run: backends with probes, purging, clean-up of host, query
/// and cookies, sections with lifetimes, headers for debugging, error pages.
/// </summary>
internal static class RealisticVcl
{
    private static readonly string[] Trackers =
    [
        "utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "gclid", "fbclid", "msclkid", "mc_cid",
            "mc_eid",
    ];

    private static readonly string[] Types = [
        "text/html", "text/css", "application/javascript", "application/json", "image/svg", "font/woff2"];

    /// <summary>Personal pages and everybody with an identity are passed first.</summary>
    public static string Safe { get; } = Write(passesPersonalPages: true);

    /// <summary>A section has personal pages in it, and they are forgotten.</summary>
    public static string Leaking { get; } = Write(passesPersonalPages: false);

    private static string Write(bool passesPersonalPages)
    {
        var vcl = new StringBuilder("vcl 4.1;\nimport std;\n\n");
        Backends(vcl);
        Receive(vcl, passesPersonalPages);
        CleanUp(vcl);
        Sections(vcl, passesPersonalPages ? null : "users");
        Fetch(vcl);
        Deliver(vcl);
        Errors(vcl);
        return vcl.ToString();
    }

    private static void Backends(StringBuilder vcl)
    {
        foreach (var name in new[] { "web", "api", "images", "legacy" })
        {
            vcl.Append($$"""
                probe {{name}}_probe {
                    .url = "/healthz/{{name}}";
                    .interval = 5s;
                    .timeout = 2s;
                    .window = 5;
                    .threshold = 3;
                }

                backend {{name}} {
                    .host = "127.0.0.1";
                    .port = "8080";
                    .connect_timeout = 1s;
                    .first_byte_timeout = 30s;
                    .between_bytes_timeout = 10s;
                    .max_connections = 200;
                    .probe = {{name}}_probe;
                }


                """);
        }

        vcl.Append("acl purgers {\n");
        for (var i = 0; i < 20; i++)
        {
            vcl.Append($"    \"10.{i}.0.0\"/16;\n");
        }

        vcl.Append("}\n\n");
    }

    private static void Receive(StringBuilder vcl, bool passesPersonalPages) => vcl.Append($$"""
        sub vcl_recv {
            # What the cache adds for itself may not come from outside.
            unset req.http.X-Section;
            unset req.http.X-Debug-Rule;
            unset req.http.Proxy;
            unset req.http.Proxy-Authorization;
            std.collect(req.http.Cookie, "; ");
            set req.http.Host = regsub(std.tolower(req.http.Host), ":[0-9]+$", "");

            if (req.method == "PURGE") {
                if (client.ip !~ purgers) {
                    return (synth(405, "Not allowed"));
                }
                return (purge);
            }
            if (req.method != "GET" && req.method != "HEAD") {
                return (pass);
            }
            if (req.http.Authorization || req.http.X-Api-Key) {
                return (pass);
            }
            # Only plain targets: what cache and origin could read differently is not looked up.
            if (req.url !~ "^/[A-Za-z0-9/_-]*(\.[a-z0-9]+)?(\?[A-Za-z0-9&=_-]*)?$" || req.url ~ "//") {
                return (pass);
            }
        {{(passesPersonalPages ? """
                if (req.url ~ "^/mypage([/?]|$)" || req.url ~ "^/users/[^/?]+/orders"
                    || req.url ~ "^/(account|checkout|cart)([/?]|$)") {
                    return (pass);
                }

            """ : string.Empty)}}    call clean_query;
            call choose_section;
            if (req.http.X-Section == "none") {
                return (pass);
            }
            call clean_cookies;
            if (req.http.Cookie) {
                return (pass);
            }
            call normalise_encoding;
            return (hash);
        }


        """);

    private static void CleanUp(StringBuilder vcl)
    {
        vcl.Append("sub clean_query {\n    if (req.url ~ \"\\?\") {\n");
        foreach (var tracker in Trackers)
        {
            vcl.Append($"        if (req.url ~ \"[?&]{tracker}=\") {{\n")
                .Append($"            set req.url = regsuball(req.url, \"&{tracker}=[A-Za-z0-9_-]*\", \"\");\n")
                .Append($"            set req.url = regsuball(req.url, \"\\?{tracker}=[A-Za-z0-9_-]*&?\", \"?\");\n")
                .Append("        }\n");
        }

        vcl.Append("        set req.url = regsub(req.url, \"\\?$\", \"\");\n    }\n}\n\n");
        vcl.Append("""
            sub clean_cookies {
                if (req.http.Cookie) {
                    if (req.http.X-Section == "assets" || req.http.X-Section == "images") {
                        unset req.http.Cookie;
                    } elsif (req.http.Cookie !~ "session=") {
                        set req.http.Cookie = regsuball(req.http.Cookie, "(^|; )_ga[^=;]*=[^;]*", "");
                        set req.http.Cookie = regsuball(req.http.Cookie, "(^|; )consent=[^;]*", "");
                        set req.http.Cookie = regsub(req.http.Cookie, "^; ", "");
                        if (req.http.Cookie ~ "^\s*$") {
                            unset req.http.Cookie;
                        }
                    }
                }
            }

            sub normalise_encoding {
                if (req.http.Accept-Encoding ~ "br") {
                    set req.http.Accept-Encoding = "br";
                } elsif (req.http.Accept-Encoding ~ "gzip") {
                    set req.http.Accept-Encoding = "gzip";
                } else {
                    unset req.http.Accept-Encoding;
                }
            }


            """);
    }

    private static void Sections(StringBuilder vcl, string? personal)
    {
        vcl.Append("sub choose_section {\n    set req.http.X-Section = \"none\";\n    set req.backend_hint = web;\n");
        vcl.Append("    if (req.url ~ \"^/static/\") {\n        set req.http.X-Section = \"assets\";\n    }\n");
        vcl.Append(
            "    if (req.url ~ \"^/img/\") {\n        set req.http.X-Section = \"images\";\n        set "
                + "req.backend_hint = images;\n    }\n");
        for (var i = 0; i < 36; i++)
        {
            vcl.Append($"    if (req.url ~ \"^/{(i == 35 ? personal : null) ?? $"section-{i}"}(/|$|\\?)\") {{\n")
                .Append($"        set req.http.X-Section = \"section-{i % 6}\";\n")
                .Append((i % 4) switch
                {
                    0 => "        set req.backend_hint = legacy;\n",
                    1 => "        set req.backend_hint = api;\n",
                    _ => string.Empty
                })
                .Append("    }\n");
        }

        vcl.Append("}\n\n");
    }

    private static void Fetch(StringBuilder vcl)
    {
        vcl.Append("""
            sub vcl_backend_fetch {
                unset bereq.http.X-Section;
                unset bereq.http.X-Debug-Rule;
            }

            sub vcl_backend_response {
                set beresp.http.X-Url = bereq.url;
                if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)private|no-store"
                    || beresp.http.Vary ~ "(?i)\*|cookie|authorization|x-api-key") {
                    set beresp.uncacheable = true;
                    set beresp.ttl = 120s;
                    return (deliver);
                }
                if (beresp.status >= 500) {
                    set beresp.uncacheable = true;
                    return (deliver);
                }

            """);
        for (var i = 0; i < Types.Length; i++)
        {
            vcl.Append($"    if (beresp.http.Content-Type ~ \"^{Types[i]}\") {{\n")
                .Append($"        set beresp.grace = {i + 1}m;\n        set beresp.do_gzip = true;\n    }}\n");
        }

        for (var i = 0; i < 6; i++)
        {
            vcl.Append($"    if (bereq.url ~ \"^/section-{i}/\" && beresp.status == 200) {{\n")
                .Append($"        set beresp.ttl = {5 * (i + 1)}m;\n        set beresp.http.X-Ttl-Of = \"section-{i}\";\n    }}\n");
        }

        vcl.Append("    if (beresp.status == 404) {\n        set beresp.ttl = 30s;\n    }\n}\n\n");
    }

    private static void Deliver(StringBuilder vcl)
    {
        vcl.Append("sub vcl_deliver {\n    unset resp.http.X-Url;\n    unset resp.http.X-Ttl-Of;\n");
        vcl.Append(
            "    if (obj.hits > 0) {\n        set resp.http.X-Cache = \"HIT\";\n    } else {\n        set "
                + "resp.http.X-Cache = \"MISS\";\n    }\n");
        foreach (var field in new[] { "Server", "X-Powered-By", "Via", "X-Varnish", "X-Generator", "X-Runtime" })
        {
            vcl.Append($"    if (client.ip !~ purgers) {{\n        unset resp.http.{field};\n    }}\n");
        }

        vcl.Append("    return (deliver);\n}\n\n");
    }

    private static void Errors(StringBuilder vcl)
    {
        vcl.Append("sub vcl_synth {\n    set resp.http.Content-Type = \"text/html; charset=utf-8\";\n");
        foreach (var (status, text) in new[] { (403, "Forbidden"), (404, "Not found"), (405, "Not allowed"),
            (429, "Too many requests"), (503, "Unavailable") })
        {
            vcl.Append($$"""
                    if (resp.status == {{status}}) {
                        set resp.reason = "{{text}}";
                        set resp.body = {"<!DOCTYPE html>
                <html>
                  <head><title>{{text}}</title></head>
                  <body>
                    <h1>{{text}}</h1>
                    <p>Please try again.</p>
                  </body>
                </html>
                "};
                        return (deliver);
                    }

                """);
        }

        vcl.Append("}\n");
    }
}
