# The cookie is taken off, but what was read in it reaches the origin as another field (VCL.md §8): repaired.
vcl 4.1;

import std;

backend default { .host = "127.0.0.1"; .port = "8080"; }

sub vcl_recv {
    std.collect(req.http.Cookie, "; ");
    unset req.http.X-Tier;
    if (req.http.Authorization || req.http.Proxy-Authorization || req.http.X-Api-Key) {
        return (pass);
    }
    if (req.http.Cookie ~ "tier=gold") {
        set req.http.X-Tier = "gold";
    }
    if (req.url ~ "^/offers$") {
        unset req.http.Cookie;
        return (hash);
    }
    return (pass);
}

sub vcl_hash {
    hash_data(req.url);
    hash_data(req.http.Host);
    hash_data(req.http.X-Tier);
    return (lookup);
}

sub vcl_backend_response {
    if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)private|no-store"
        || beresp.http.Vary ~ "(?i)\*|cookie|authorization|x-api-key") {
        set beresp.uncacheable = true;
        return (deliver);
    }
}
