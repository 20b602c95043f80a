# A feature page is cached for all, its form filled in for one (I13).
vcl 4.1;

backend default { .host = "127.0.0.1"; .port = "8080"; }

sub vcl_recv {
    if (req.http.Authorization || req.http.X-Api-Key || req.http.Proxy-Authorization) {
        return (pass);
    }
    # The page looks the same for everyone.
    if (req.url ~ "^/feature/[a-z0-9-]+(\?.*)?$" && req.http.Cookie !~ "admin=") {
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
