# Session cookies are stripped from stored pages, with an exception for special pages (I16).
vcl 4.1;

import std;

backend default { .host = "127.0.0.1"; .port = "8080"; }

sub vcl_recv {
    std.collect(req.http.Cookie, "; ");
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    if (req.http.Authorization || req.http.X-Api-Key) {
        return (pass);
    }
    if (req.url ~ "^/wiki/[A-Za-z0-9_:-]+$") {
        unset req.http.Cookie;
        unset req.http.Proxy-Authorization;
        return (hash);
    }
    return (pass);
}

sub vcl_backend_response {
    if (bereq.url !~ "^/wiki/Special:") {
        unset beresp.http.Set-Cookie;
    }
    set beresp.ttl = 5m;
    return (deliver);
}
