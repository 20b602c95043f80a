# An asterisk within a list of Vary is not seen (I20): repaired.
vcl 4.1;

import std;

backend default { .host = "127.0.0.1"; .port = "8080"; }

sub vcl_recv {
    std.collect(req.http.Cookie, "; ");
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    if (req.http.Authorization || req.http.X-Api-Key) {
        return (pass);
    }
    if (req.url ~ "^/(funds|news)(/[a-z0-9-]+)?$") {
        unset req.http.Cookie;
        unset req.http.Proxy-Authorization;
        return (hash);
    }
    return (pass);
}

sub anonymous {
    unset bereq.body;
    unset bereq.http.X-Forwarded-Host;
    unset bereq.http.X-Forwarded-Proto;
    unset bereq.http.X-Forwarded-Scheme;
    unset bereq.http.X-Forwarded-Port;
    unset bereq.http.X-Forwarded-Prefix;
    unset bereq.http.X-Forwarded-Server;
    unset bereq.http.Forwarded;
    unset bereq.http.X-Host;
    unset bereq.http.X-Original-Url;
    unset bereq.http.X-Original-Host;
    unset bereq.http.X-Rewrite-Url;
    unset bereq.http.X-Http-Method-Override;
    unset bereq.http.X-Http-Method;
    unset bereq.http.X-Method-Override;
    unset bereq.http.X-Now-Route-Matches;
    unset bereq.http.X-Middleware-Prefetch;
    unset bereq.http.X-Middleware-Rewrite;
    unset bereq.http.X-React-Router-Spa-Mode;
    unset bereq.http.Origin;
    unset bereq.http.Accept-Language;
    unset bereq.http.User-Agent;
    unset bereq.http.Accept;
    unset bereq.http.Referer;
}

sub vcl_backend_fetch {
    if (!bereq.uncacheable) {
        call anonymous;
    }
    return (fetch);
}

sub refuse {
    set beresp.uncacheable = true;
    return (deliver);
}

sub vcl_backend_response {
    if (bereq.uncacheable) {
        return (deliver);
    }
    if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)private|no-store"
        || beresp.http.Vary ~ "(?i)\*|cookie|authorization|x-api-key") {
        call refuse;
    }
    if (beresp.http.Surrogate-Control ~ "(?i)private|no-store" || beresp.http.CDN-Cache-Control ~ "(?i)private|no-store") {
        call refuse;
    }
    if (beresp.status != 200 && beresp.status != 301 && beresp.status != 404) {
        call refuse;
    }
    if (!beresp.http.Cache-Control && !beresp.http.Expires) {
        call refuse;
    }
    if (beresp.ttl <= 0s) {
        call refuse;
    }
    return (deliver);
}

sub vcl_backend_error {
    set beresp.uncacheable = true;
    return (deliver);
}
