# For members a field that is in the key is taken off the request: what is stored for the tenant is a member's (I08): repaired.
vcl 4.1;

import std;

backend default { .host = "127.0.0.1"; .port = "8080"; }

sub vcl_recv {
    std.collect(req.http.Cookie, "; ");
    if (req.http.Authorization || req.http.Proxy-Authorization || req.http.X-Api-Key) {
        return (pass);
    }
    std.collect(req.http.X-Tenant);
    if (req.http.Cookie ~ "session=") {
        set req.http.X-Member = "1";
    } else {
        unset req.http.X-Member;
    }
    unset req.http.Cookie;
    if (req.url ~ "^/(funds|news)(/[a-z0-9-]+)?$") {
        return (hash);
    }
    return (pass);
}

sub vcl_hash {
    hash_data(req.http.X-Tenant);
}

sub vcl_backend_fetch {
    unset bereq.http.X-Member;
}

sub vcl_backend_response {
    if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)private|no-store"
        || beresp.http.Vary ~ "(?i)\*|cookie|authorization|x-api-key") {
        set beresp.uncacheable = true;
        return (deliver);
    }
}
