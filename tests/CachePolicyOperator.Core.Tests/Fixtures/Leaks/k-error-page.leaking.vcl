# The error page greets by name, and is kept for a minute (§3 K).
vcl 4.1;

import std;

backend default { .host = "127.0.0.1"; .port = "8080"; }

sub vcl_recv {
    std.collect(req.http.Cookie, "; ");
    if (req.http.Authorization || req.http.Proxy-Authorization || req.http.X-Api-Key) {
        return (pass);
    }
    if (req.url ~ "^/(funds|news)$") {
        set req.http.X-Visitor = req.http.Cookie;
        unset req.http.Cookie;
        return (hash);
    }
    return (pass);
}

sub vcl_backend_error {
    set beresp.ttl = 60s;
    synthetic("<p>Sorry, " + bereq.http.X-Visitor + ", try again.</p>");
    return (deliver);
}

sub vcl_backend_response {
    if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)private|no-store"
        || beresp.http.Vary ~ "(?i)\*|cookie|authorization|x-api-key") {
        set beresp.uncacheable = true;
        return (deliver);
    }
}
