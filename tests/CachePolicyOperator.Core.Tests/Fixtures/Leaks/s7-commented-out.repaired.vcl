# The line that minds private is commented out, and the lifetime is set for everything (§7): repaired.
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
    if (req.url ~ "^/(funds|news)(/[a-z0-9-]+)?$") {
        unset req.http.Cookie;
        unset req.http.Proxy-Authorization;
        return (hash);
    }
    return (pass);
}

sub vcl_backend_response {
    if (beresp.http.Cache-Control ~ "(?i)private|no-store") {
        return (pass(2m));
    }
    if (beresp.http.Set-Cookie || beresp.http.Vary ~ "(?i)\*|cookie|authorization|x-api-key") {
        return (pass(2m));
    }
    set beresp.ttl = 10m;
    return (deliver);
}
