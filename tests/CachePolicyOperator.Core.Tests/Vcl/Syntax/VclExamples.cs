namespace CachePolicyOperator.Core.Tests.Vcl.Syntax;

/// <summary>VCLs that use every part of the language.</summary>
internal static class VclExamples
{
    public const string Shop = """"
        vcl 4.1;

        import std;
        import directors from "libvmod_directors.so";
        import blob as b;

        # Where purges come from.
        acl purgers +log -pedantic {
            "localhost";
            ! "192.0.2.0"/24;
            ("cache.example.com");
            "2001:db8::/32";
        }

        probe health {
            .request = "GET / HTTP/1.1" "Host: example.com" "Connection: close";
            .interval = 5 s;
            .timeout = 1.5s;
            .window = 8;
            .threshold = 3;
        }

        backend default {
            .host = "192.0.2.1";
            .port = "8080";
            .first_byte_timeout = 300s;
            .preamble = :Zm9v:;
            .probe = health;
        }

        backend other {
            .host = "192.0.2.2";
            .probe = { .url = "/"; .expected_response = 204; }
        }

        backend nowhere none;

        sub vcl_init {
            new pool = directors.round_robin();
            pool.add_backend(other);
            return (ok);
        }

        sub vcl_recv {
            set req.backend_hint = pool.backend();
            if (req.method == "PURGE") {
                if (client.ip !~ purgers) {
                    return (synth(405, "Not allowed."));
                }
                return (purge);
            }
            if (!req.http.Host ~ "^www\." && !(req.restarts > 0)) {
                set req.http.Host = "www." + req.http.Host.lower();
            } elseif (req.url ~ "\.(css|js)$" || req.http.X-A == req.http.X-B) {
                unset req.http.Cookie;
                return (hash);
            } else if (std.port(server.ip) == 443) {
                call secure;
            } else {
                set req.url = regsuball(req.url, "([?&])(utm_[a-z]+)=[^&]*" + "&?", "\1");
            }
            { std.log({"a "quoted" word"} + """ and a \n """ + now); }
        }

        sub secure {
            if (req.http.Cookie) {
                set req.backend_hint = nowhere;
                return;
            }
            set req.http.X-Time = -(req.restarts - 1);
        }

        sub vcl_hash {
            hash_data(req.url);
            hash_data(req.http."1.x");
        }

        sub vcl_backend_response {
            set beresp.ttl = 10 m;
            set beresp.grace += 1h * 2;
            set beresp.uncacheable = beresp.ttl < 1s;
            if (beresp.http.Content-Length && std.bytes(beresp.http.Content-Length, 0B) > 10MB) {
                return (pass(120s));
            }
        }

        sub vcl_synth {
            synthetic("<h1>" + resp.status + "</h1>");
            return (deliver);
        }
        """";

    public static IReadOnlyList<string> All { get; } = [Shop];
}
