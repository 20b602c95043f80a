# personal: /user /admin /system/files; cookie: SESS* SSESS*; profile: php
# A site of articles: all cookies but those of the session are cut out, and who has one left passes.
vcl 4.0;

import std;
import directors;

probe healthy {
    .request =
        "HEAD / HTTP/1.1"
        "Host: localhost"
        "Connection: close";
    .interval = 5s;
    .timeout = 1s;
    .window = 5;
    .threshold = 3;
}

backend web1 {
    .host = "192.0.2.11";
    .port = "80";
    .max_connections = 300;
    .probe = healthy;
}

backend web2 {
    .host = "192.0.2.12";
    .port = "80";
    .max_connections = 300;
    .probe = healthy;
}

acl internal {
    "192.0.2.0"/24;
}

acl upstream_proxy {
    "192.0.2.1";
}

sub vcl_init {
    new web = directors.round_robin();
    web.add_backend(web1);
    web.add_backend(web2);
}

sub vcl_recv {
    set req.backend_hint = web.backend();

    # Announce support for edge compression
    if (req.restarts == 0) {
        if (req.http.X-Forwarded-For && client.ip ~ upstream_proxy) {
            set req.http.X-Real-IP = regsub(req.http.X-Forwarded-For, ",.*$", "");
        } else {
            set req.http.X-Real-IP = client.ip;
        }
    }

    if (req.method == "BAN") {
        if (client.ip !~ internal) {
            return (synth(403, "Not allowed."));
        }
        if (req.http.Cache-Tags) {
            ban("obj.http.Cache-Tags ~ " + req.http.Cache-Tags);
        } else {
            return (synth(403, "Cache-Tags header missing."));
        }
        return (synth(200, "Ban added."));
    }

    if (req.method == "URIBAN") {
        if (client.ip !~ internal) {
            return (synth(403, "Not allowed."));
        }
        ban("req.http.host == " + req.http.host + " && req.url == " + req.url);
        return (synth(200, "Ban added."));
    }

    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }

    # Do not cache these paths.
    if (req.url ~ "^/status\.php$" ||
        req.url ~ "^/update\.php$" ||
        req.url ~ "^/cron\.php$" ||
        req.url ~ "^/install\.php$" ||
        req.url ~ "^/admin$" ||
        req.url ~ "^/admin/.*$" ||
        req.url ~ "^/info/.*$" ||
        req.url ~ "^/flag/.*$" ||
        req.url ~ "^.*/ajax/.*$" ||
        req.url ~ "^.*/ahah/.*$") {
        return (pass);
    }

    # Do not allow outside access to cron.php or install.php.
    if (req.url ~ "^/(cron|install)\.php$" && client.ip !~ internal) {
        return (synth(404, "Page not found."));
    }

    if (req.http.Authorization) {
        return (pass);
    }

    # Remove tracking parameters
    if (req.url ~ "(\?|&)(utm_(campaign|content|medium|source|term)|gclid|fbclid)=") {
        set req.url = regsuball(req.url, "(utm_(campaign|content|medium|source|term)|gclid|fbclid)=([A-Za-z0-9_.%~-]*)&?", "");
        set req.url = regsub(req.url, "(\?|&)$", "");
    }

    # Remove all cookies that the site does not need to know about
    if (req.http.Cookie) {
        std.collect(req.http.Cookie, "; ");
        set req.http.Cookie = ";" + req.http.Cookie;
        set req.http.Cookie = regsuball(req.http.Cookie, ";[; ]*", ";");
        set req.http.Cookie = regsuball(req.http.Cookie, ";(SESS[^=;]*|SSESS[^=;]*|NO_CACHE)=", "; \1=");
        set req.http.Cookie = regsuball(req.http.Cookie, ";[^ ][^;]*", "");
        set req.http.Cookie = regsuball(req.http.Cookie, "^[; ]+|[; ]+$", "");

        if (req.http.Cookie == "") {
            # If there are no remaining cookies, remove the cookie header.
            unset req.http.Cookie;
        } else {
            return (pass);
        }
    }

    return (hash);
}

sub vcl_hash {
    hash_data(req.url);
    if (req.http.host) {
        hash_data(req.http.host);
    } else {
        hash_data(server.ip);
    }
    if (req.http.X-Forwarded-Proto) {
        hash_data(req.http.X-Forwarded-Proto);
    }
    return (lookup);
}

sub vcl_backend_response {
    set beresp.http.X-Url = bereq.url;
    set beresp.http.X-Host = bereq.http.host;

    # Cache 404s, 301s, at 500s with a short lifetime to protect the backend.
    if (beresp.status == 404 || beresp.status == 301 || beresp.status == 500) {
        set beresp.grace = 10m;
    }

    if (beresp.http.Set-Cookie || beresp.http.Vary ~ "(?i)cookie|authorization|\*"
        || beresp.http.Cache-Control ~ "(?i)private|no-store|no-cache") {
        set beresp.uncacheable = true;
        set beresp.ttl = 120s;
        return (deliver);
    }

    # Allow items to remain in cache up to 6 hours past their cache expiration.
    set beresp.grace = 6h;
}

sub vcl_deliver {
    unset resp.http.X-Url;
    unset resp.http.X-Host;
    unset resp.http.Cache-Tags;
    if (obj.hits > 0) {
        set resp.http.X-Varnish-Cache = "HIT";
    } else {
        set resp.http.X-Varnish-Cache = "MISS";
    }
}

sub vcl_backend_error {
    set beresp.http.Content-Type = "text/html; charset=utf-8";
    set beresp.http.Retry-After = "5";
    synthetic({"<!DOCTYPE html><html><head><title>"} + beresp.status + {"</title></head><body><h1>Please try again</h1></body></html>"});
    return (deliver);
}
