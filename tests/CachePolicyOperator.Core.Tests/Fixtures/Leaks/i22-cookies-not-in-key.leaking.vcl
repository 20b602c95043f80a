# Cookies are sent on and are not in the key, as a CDN does by default (I22).
vcl 4.1;

backend default { .host = "127.0.0.1"; .port = "8080"; }

sub vcl_recv {
    if (req.http.Authorization || req.http.Proxy-Authorization || req.http.X-Api-Key) {
        return (pass);
    }
    if (req.url ~ "^/(funds|news)(/[a-z0-9-]+)?$") {
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
