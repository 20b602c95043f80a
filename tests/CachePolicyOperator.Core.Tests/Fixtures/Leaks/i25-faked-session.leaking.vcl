# The session is stashed before the lookup and given back to the fetch, so that the first visitor's is everybody's (I25, L13).
vcl 4.1;

import std;

backend default { .host = "127.0.0.1"; .port = "8080"; }

sub vcl_recv {
    std.collect(req.http.Cookie, "; ");
    if (req.http.Authorization || req.http.Proxy-Authorization || req.http.X-Api-Key) {
        return (pass);
    }
    set req.http.X-Session = req.http.Cookie;
    unset req.http.Cookie;
    if (req.url ~ "^/(funds|news)(/[a-z0-9-]+)?$") {
        return (hash);
    }
    set req.http.Cookie = req.http.X-Session;
    return (pass);
}

sub vcl_backend_fetch {
    set bereq.http.Cookie = bereq.http.X-Session;
    unset bereq.http.X-Session;
}

sub vcl_backend_response {
    if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)private|no-store"
        || beresp.http.Vary ~ "(?i)\*|cookie|authorization|x-api-key") {
        set beresp.uncacheable = true;
        return (deliver);
    }
}
