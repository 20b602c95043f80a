# An absent field is not equal to the empty string, so a field that is there and empty does not count (§3 C).
vcl 4.1;

import std;

backend default { .host = "127.0.0.1"; .port = "8080"; }

sub vcl_recv {
    std.collect(req.http.Cookie, "; ");
    if (req.http.Proxy-Authorization || req.http.X-Api-Key) {
        return (pass);
    }
    set req.http.X-Who = req.http.Authorization;
    if (req.http.X-Who == "") {
        unset req.http.X-Who;
    }
    if (req.url ~ "^/quotes/[a-z]+$" && (!req.http.X-Who || req.http.X-Who ~ "^Basic ")) {
        unset req.http.Cookie;
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
