# The user left the URL for a header, and with it the key (I08): repaired.
vcl 4.1;

backend default { .host = "127.0.0.1"; .port = "8080"; }

sub vcl_recv {
    if (req.method != "GET" || req.http.X-Api-Key) {
        return (pass);
    }
    if (req.url ~ "^/rides/nearby$") {
        unset req.http.Cookie;
        unset req.http.Authorization;
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
