# The policy of one route replaces that of the gateway, and its bypass with it (L9).
vcl 4.1;

backend default { .host = "127.0.0.1"; .port = "8080"; }

sub vcl_recv {
    if (req.url ~ "^/catalog/") {
        set req.http.X-Policy = "catalog";
    } else {
        set req.http.X-Policy = "gateway";
    }
    if (req.http.X-Policy == "gateway" && (req.http.Authorization || req.http.Cookie)) {
        return (pass);
    }
    if (req.url ~ "^/catalog/[a-z0-9-]+$") {
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
