# The key is made of the URL without its tracking parameters; a separator that only the origin knows hides one that counts (P05).
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
    if (req.url ~ "^/search(\?.*)?$") {
        set req.http.X-Key = regsuball(req.url, "[?&]utm_[a-z]+=[^&]*", "");
        unset req.http.Cookie;
        unset req.http.Proxy-Authorization;
        return (hash);
    }
    return (pass);
}

sub vcl_hash {
    hash_data(req.http.X-Key);
    hash_data(req.http.Host);
    return (lookup);
}

sub vcl_backend_response {
    if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)private|no-store"
        || beresp.http.Vary ~ "(?i)\*|cookie|authorization|x-api-key") {
        set beresp.uncacheable = true;
        return (deliver);
    }
}
