# personal: /konto /varsel /abonnement; cookie: fs_login fs_abo; header: x-fs-app; profile: express
# The same, where who has a subscription without being logged in is a stranger, and the newsroom gets the cookie back.
vcl 4.1;

import std;
import cookie;

backend newsroom {
    .host = "192.0.2.70";
    .port = "3000";
}

backend timetable {
    .host = "192.0.2.71";
    .port = "3100";
    .first_byte_timeout = 4s;
}

acl desk {
    "192.0.2.64"/27;
}

sub pick_backend {
    if (req.url ~ "^/ruter/") {
        set req.backend_hint = timetable;
    } else {
        set req.backend_hint = newsroom;
    }
}

sub strip_campaign {
    if (req.url ~ "\?") {
        set req.url = regsuball(req.url, "[?&](utm_[a-z]+|fbclid|gclid|mc_eid)=[^&]*", "");
        if (req.url !~ "\?") {
            set req.url = regsub(req.url, "&", "?");
        }
    }
}

sub vcl_recv {
    unset req.http.X-District;
    unset req.http.X-Forwarded-Host;

    if (req.method == "BAN") {
        if (client.ip !~ desk) {
            return (synth(403, "Desk only"));
        }
        ban("obj.http.X-Story == " + req.http.X-Story);
        return (synth(200, "Pulled"));
    }
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }

    call strip_campaign;
    call pick_backend;

    if (req.http.Authorization || req.http.X-Fs-App) {
        return (pass);
    }
    if (req.url ~ "(?i)^/(konto|varsel|abonnement|logg-inn|api)") {
        return (pass);
    }
    if (req.url ~ "%|//|\.\.|\\") {
        return (pass);
    }

    std.collect(req.http.Cookie, "; ");
    if (req.http.Cookie ~ "(?i)fs_login") {
        return (pass);
    }

    cookie.parse(req.http.Cookie);
    if (cookie.get("distrikt") == "nord" || cookie.get("distrikt") == "vest") {
        set req.http.X-District = cookie.get("distrikt");
    } else {
        set req.http.X-District = "alle";
    }
    set req.http.X-Abo = cookie.get("fs_abo");
    cookie.clean();
    unset req.http.Cookie;

    if (req.url ~ "^/($|\?)" || req.url ~ "^/(nyheter|sjo|vaer|ruter)(/[a-z0-9-]+)*$") {
        return (hash);
    }
    if (req.url ~ "^/bilder/[0-9]+/[a-z0-9-]+\.(jpg|webp|avif)$") {
        set req.http.X-District = "alle";
        return (hash);
    }
    return (pass);
}

sub vcl_hash {
    hash_data(req.http.Host);
    hash_data(req.url);
    hash_data("d=" + req.http.X-District);
    return (lookup);
}

sub vcl_backend_fetch {
    if (bereq.uncacheable) {
        return (fetch);
    }
    unset bereq.http.Accept-Language;
    unset bereq.http.User-Agent;
    unset bereq.http.Referer;
    if (bereq.http.X-Abo) {
        set bereq.http.Cookie = "fs_abo=" + bereq.http.X-Abo;
    }
}

sub vcl_backend_response {
    if (beresp.status >= 500 && bereq.is_bgfetch) {
        return (abandon);
    }
    if (beresp.http.Set-Cookie) {
        set beresp.uncacheable = true;
        set beresp.ttl = 30s;
        return (deliver);
    }
    if (beresp.http.Cache-Control ~ "(?i)(private|no-store|no-cache)" || beresp.http.Vary ~ "(?i)(cookie|\*|x-fs-app)") {
        set beresp.uncacheable = true;
        set beresp.ttl = 30s;
        return (deliver);
    }
    if (bereq.url ~ "^/ruter/") {
        set beresp.ttl = 15s;
    } elsif (bereq.url ~ "^/bilder/") {
        set beresp.ttl = 30d;
    } else {
        set beresp.ttl = 45s;
        set beresp.grace = 10m;
    }
}

sub vcl_deliver {
    unset resp.http.X-Story;
    if (client.ip ~ desk) {
        set resp.http.X-Seen = obj.hits;
    }
}
