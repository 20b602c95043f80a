# A cookie decides between two languages, and the key does not tell them apart: repaired.
vcl 4.1;

import cookie;
import std;

backend default { .host = "127.0.0.1"; .port = "8080"; }

sub vcl_recv {
    std.collect(req.http.Cookie, "; ");
    if (req.http.Authorization || req.http.Proxy-Authorization || req.http.X-Api-Key) {
        return (pass);
    }
    if (req.url !~ "^/(funds|news)(/[a-z0-9-]+)?$") {
        return (pass);
    }
    cookie.parse(req.http.Cookie);
    if (cookie.get("lang") == "ja") {
        set req.http.X-Lang = "ja";
    } else {
        set req.http.X-Lang = "en";
    }
    unset req.http.Cookie;
    return (hash);
}

sub vcl_hash {
    hash_data(req.url);
    hash_data(req.http.Host);
    hash_data(req.http.X-Lang);
    return (lookup);
}

sub vcl_backend_response {
    if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)private|no-store"
        || beresp.http.Vary ~ "(?i)\*|cookie|authorization|x-api-key") {
        set beresp.uncacheable = true;
        return (deliver);
    }
}
