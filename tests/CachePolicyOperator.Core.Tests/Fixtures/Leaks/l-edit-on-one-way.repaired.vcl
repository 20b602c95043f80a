# A session is stashed on one way, and taken off before the fetch for one section of the site only (L13, §3 G): repaired.
vcl 4.1;

import std;

backend default { .host = "127.0.0.1"; .port = "8080"; }

sub vcl_recv {
    std.collect(req.http.Cookie, "; ");
    if (req.http.Authorization || req.http.Proxy-Authorization || req.http.X-Api-Key) {
        return (pass);
    }
    if (req.http.X-Plain) {
        unset req.http.X-Session;
    } else {
        set req.http.X-Session = req.http.Cookie;
    }
    unset req.http.Cookie;
    if (req.url ~ "^/(funds|news)(/[a-z0-9-]+)?$") {
        return (hash);
    }
    return (pass);
}

sub vcl_backend_fetch {
    unset bereq.http.X-Session;
}

sub vcl_backend_response {
    if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)private|no-store"
        || beresp.http.Vary ~ "(?i)\*|cookie|authorization|x-api-key") {
        set beresp.uncacheable = true;
        return (deliver);
    }
}
