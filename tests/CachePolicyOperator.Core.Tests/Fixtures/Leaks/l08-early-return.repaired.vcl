# A snippet returns before the part that passes sessions is reached (L8): repaired.
vcl 4.1;

backend default { .host = "127.0.0.1"; .port = "8080"; }

sub vcl_recv {
    call bypass;
    call snippet_recv;
    return (pass);
}

sub snippet_recv {
    if (req.url ~ "^/products/[a-z0-9-]+$") {
        return (hash);
    }
}

sub bypass {
    if (req.http.Cookie || req.http.Authorization || req.http.Proxy-Authorization || req.http.X-Api-Key) {
        return (pass);
    }
}

sub vcl_backend_response {
    if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)private|no-store"
        || beresp.http.Vary ~ "(?i)\*|cookie|authorization|x-api-key") {
        set beresp.uncacheable = true;
        return (deliver);
    }
}
