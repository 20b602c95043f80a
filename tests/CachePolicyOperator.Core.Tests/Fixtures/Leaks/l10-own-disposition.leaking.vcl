# Dispositions of one's own replace every check of the built-in VCL (L10).
vcl 4.1;

backend default { .host = "127.0.0.1"; .port = "8080"; }

sub vcl_recv {
    if (req.method !~ "^(GET|HEAD)$") {
        return (pass);
    }
    # Lookup is allowed with cookies and authorization.
    if (req.url ~ "^/(coffee|tea)(/[a-z]+)?$") {
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
