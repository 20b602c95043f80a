# All cookies are dropped, so that private pages look public (L3): repaired.
vcl 4.1;

backend default { .host = "127.0.0.1"; .port = "8080"; }

sub vcl_recv {
    if (req.http.Authorization || req.http.Proxy-Authorization || req.http.X-Api-Key || req.method != "GET") {
        return (pass);
    }
    if (req.url ~ "^/(shop|news)(/[a-z0-9-]+)*$") {
        unset req.http.Cookie;
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
