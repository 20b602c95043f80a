# The page loses its cookie; its fragments are asked for with the request as it came (§3 M, P14).
vcl 4.1;

import std;

backend default { .host = "127.0.0.1"; .port = "8080"; }

sub vcl_recv {
    std.collect(req.http.Cookie, "; ");
    if (req.http.Authorization || req.http.Proxy-Authorization || req.http.X-Api-Key) {
        return (pass);
    }
    if (req.esi_level == 0) {
        unset req.http.Cookie;
    }
    if (req.url ~ "^/(news|fragments)/[a-z]+$") {
        return (hash);
    }
    return (pass);
}

sub vcl_backend_response {
    if (bereq.url ~ "^/news/") {
        set beresp.do_esi = true;
    }
    if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)private|no-store"
        || beresp.http.Vary ~ "(?i)\*|cookie|authorization|x-api-key") {
        set beresp.uncacheable = true;
        return (deliver);
    }
}
