# Personal pages are passed under their plain path; a rewrite takes the language off afterwards (§7): repaired.
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
    set req.url = regsub(req.url, "^/(en|ja)/", "/");
    if (req.url ~ "^/(mypage|account|api)(/|$)") {
        return (pass);
    }
    if (req.url ~ "^/(shop|news)$") {
        unset req.http.Cookie;
        unset req.http.Proxy-Authorization;
        return (hash);
    }
    return (pass);
}

sub vcl_backend_response {
    if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)private|no-store"
        || beresp.http.Vary ~ "(?i)\*|cookie|authorization|x-api-key") {
        set beresp.uncacheable = true;
        return (deliver);
    }
}
