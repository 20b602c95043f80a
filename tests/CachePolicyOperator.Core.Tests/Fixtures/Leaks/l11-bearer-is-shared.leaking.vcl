# Cookies are taken off assets, authorization is not (L11).
vcl 4.1;

backend default { .host = "127.0.0.1"; .port = "8080"; }

sub vcl_recv {
    if (req.url ~ "^/files/[a-z0-9-]+\.(pdf|zip)$") {
        unset req.http.Cookie;
        unset req.http.Proxy-Authorization;
        unset req.http.X-Api-Key;
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
