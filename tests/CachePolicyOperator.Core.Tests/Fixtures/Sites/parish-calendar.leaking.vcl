# personal: /user /admin /donate /node/add; cookie: SESS* SSESS* NO_CACHE; profile: drupal7
# The same, where whatever ends like a calendar is looked up as it came.
vcl 4.1;

import std;
import cookie;

backend nave {
    .host = "192.0.2.240";
    .port = "8080";
    .max_connections = 60;
    .probe = {
        .url = "/misc/druplicon.png";
        .interval = 10s;
        .timeout = 5s;
        .window = 6;
        .threshold = 4;
        .expected_response = 200;
    }
}

acl sextons { "127.0.0.1"; "192.0.2.240"; }
acl flooders { "203.0.113.200"/30; "203.0.113.99"; }

sub vcl_recv {
    unset req.http.X-Script;
    if (client.ip ~ flooders) {
        return (synth(429, "Silence, please"));
    }
    if (req.method == "PURGE") {
        if (client.ip !~ sextons) {
            return (synth(403, "Sextons only"));
        }
        return (purge);
    }
    if (req.method == "BAN") {
        if (client.ip !~ sextons) {
            return (synth(403, "Sextons only"));
        }
        ban("obj.http.X-Pew ~ " + req.http.X-Pew);
        return (synth(200, "Swept"));
    }

    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    if (req.http.Authorization) {
        return (pass);
    }
    if (req.url ~ "(?i)^/(cron|install|update|authorize|xmlrpc)\.php") {
        return (synth(404, "Locked"));
    }

    if (req.url ~ "\.(ics|json)$") {
        return (hash);
    }

    # Paths of one's own; Drupal takes whatever stands behind them, and by ?q= as well.
    if (req.url ~ "(?i)^/(user|admin|donate|node/add|node/[0-9]+/edit|batch|system/files|ajax|overlay|flag)" || req.url ~ "(?i)[?&]q=" || req.url ~ "[%;]|//|/\.") {
        return (pass);
    }

    # Of all cookies the two of the site are kept, to be asked for.
    std.collect(req.http.Cookie, "; ");
    if (req.http.Cookie) {
        if (req.http.Cookie ~ "(?i)S?SESS|NO_CACHE") {
            return (pass);
        }
        cookie.parse(req.http.Cookie);
        cookie.keep("has_js");
        set req.http.Cookie = cookie.get_string();
        if (req.http.Cookie ~ "^has_js=[01]$") {
            set req.http.X-Script = req.http.Cookie;
        }
        unset req.http.Cookie;
    }

    # The calendar may be asked for by any page of the world.
    if (req.url ~ "^/calendar/[a-z-]+\.(ics|json)$") {
        unset req.http.Origin;
    }
    return (hash);
}

sub vcl_hash {
    hash_data(req.url);
    hash_data(req.http.Host);
    if (req.http.X-Script) {
        hash_data(req.http.X-Script);
    } else {
        hash_data("unknown");
    }
    return (lookup);
}

sub vcl_backend_fetch {
    unset bereq.http.X-Forwarded-Host;
    if (bereq.http.X-Script && !bereq.http.Cookie) {
        set bereq.http.Cookie = bereq.http.X-Script;
    }
}

sub vcl_backend_response {
    set beresp.http.X-Pew = bereq.http.Host + bereq.url;
    if (beresp.http.Cache-Control ~ "(?i)private|no-store|no-cache" || beresp.http.Set-Cookie || beresp.http.Expires == "0") {
        set beresp.uncacheable = true;
        set beresp.ttl = 5m;
        return (deliver);
    }
    if (beresp.status == 403 || beresp.status == 401) {
        set beresp.uncacheable = true;
        return (deliver);
    }
    if (bereq.url ~ "^/calendar/" && beresp.status == 200) {
        set beresp.http.Access-Control-Allow-Origin = "*";
        set beresp.ttl = 10m;
    }
    if (beresp.ttl > 0s && beresp.ttl < 5m) {
        set beresp.ttl = 5m;
    }
    set beresp.grace = 1d;
}

sub vcl_deliver {
    unset resp.http.X-Pew;
    unset resp.http.X-Generator;
    unset resp.http.X-Drupal-Cache;
    unset resp.http.Server;
    if (obj.hits > 0) {
        set resp.http.X-Bell = "rung";
    }
}
