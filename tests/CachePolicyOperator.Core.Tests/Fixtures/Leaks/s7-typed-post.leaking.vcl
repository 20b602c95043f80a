# A POST to a page is looked up, and becomes a GET (§7, L11, §3 G).
vcl 4.1;

import std;

backend default { .host = "127.0.0.1"; .port = "8080"; }

sub vcl_recv {
    std.collect(req.http.Cookie, "; ");
    if (req.http.Authorization || req.http.Proxy-Authorization || req.http.X-Api-Key) {
        return (pass);
    }
    if (req.method ~ "^(GET|HEAD)$" && req.url ~ "^/(mypage|account|api)") {
        return (pass);
    }
    if (req.url ~ "^/[a-z]+$") {
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
