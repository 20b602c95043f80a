# Authorised requests are looked up, relying on Vary to name the right field (§7).
vcl 4.1;

backend default { .host = "127.0.0.1"; .port = "8080"; }

sub vcl_recv {
    if (req.url ~ "^/performance/[a-z-]+$") {
        unset req.http.Cookie;
        unset req.http.Proxy-Authorization;
        unset req.http.X-Api-Key;
        return (hash);
    }
    return (pass);
}

sub vcl_backend_response {
    set beresp.http.Vary = "Authorized";
    if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)private|no-store"
        || beresp.http.Vary ~ "(?i)\*|cookie|authorization|x-api-key") {
        set beresp.uncacheable = true;
        return (deliver);
    }
}
