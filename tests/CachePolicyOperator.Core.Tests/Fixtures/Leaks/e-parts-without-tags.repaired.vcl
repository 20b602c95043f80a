# Two parts of the key that are not always there take each other's place (§3 E): repaired.
vcl 4.1;

import std;

backend default { .host = "127.0.0.1"; .port = "8080"; }

sub vcl_recv {
    std.collect(req.http.X-Api-Key);
    if (req.http.Authorization || req.http.Proxy-Authorization) {
        return (pass);
    }
    if (req.url ~ "^/quotes/[a-z]+$") {
        unset req.http.Cookie;
        return (hash);
    }
    return (pass);
}

sub vcl_hash {
    hash_data(req.url);
    hash_data(req.http.Host);
    if (req.http.X-Api-Key) {
        hash_data("key");
        hash_data(req.http.X-Api-Key);
    } else {
        hash_data("segment");
        hash_data(req.http.X-Segment);
    }
    return (lookup);
}

sub vcl_backend_response {
    if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)private|no-store"
        || beresp.http.Vary ~ "(?i)\*|cookie|authorization|x-api-key") {
        set beresp.uncacheable = true;
        return (deliver);
    }
}
