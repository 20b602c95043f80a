# The rule that passes personal pages is anchored, and the origin merges slashes (T08): repaired.
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
