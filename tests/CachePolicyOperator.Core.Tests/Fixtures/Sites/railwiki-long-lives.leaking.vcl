# personal: /wiki/Special:Watchlist /wiki/Special:Preferences /wiki/User: /w/api.php; cookie: railwiki_session railwikiUserID railwikiToken; profile: php
# The same, where articles live for an hour, also those of which the wiki says that they are private.
vcl 4.1;

import std;
import directors;

probe steam {
    .url = "/w/load.php?modules=startup&only=scripts";
    .interval = 30s;
    .timeout = 8s;
    .window = 3;
    .threshold = 2;
}

backend engine1 { .host = "192.0.2.201"; .port = "8080"; .probe = steam; }
backend engine2 { .host = "192.0.2.202"; .port = "8080"; .probe = steam; }
backend engine3 { .host = "192.0.2.203"; .port = "8080"; .probe = steam; }
backend pictures { .host = "192.0.2.210"; .port = "80"; }

acl signal_box {
    "192.0.2.201";
    "192.0.2.202";
    "192.0.2.203";
}

sub vcl_init {
    new roundhouse = directors.random();
    roundhouse.add_backend(engine1, 5);
    roundhouse.add_backend(engine2, 5);
    roundhouse.add_backend(engine3, 2);
}

sub vcl_recv {
    set req.http.X-Forwarded-For = client.ip;
    unset req.http.X-Gauge;

    # The wiki tells each server of a page that changed.
    if (req.method == "PURGE") {
        if (client.ip ~ signal_box) {
            return (purge);
        }
        return (synth(403, "Stop signal"));
    }

    if (req.url ~ "^/images/(thumb/)?[0-9a-f]/[0-9a-f]{2}/[A-Za-z0-9_-]+\.(jpg|png|svg|pdf)$") {
        set req.backend_hint = pictures;
        if (req.method != "GET" && req.method != "HEAD") {
            return (synth(405, "Pictures are looked at"));
        }
        unset req.http.Cookie;
        unset req.http.Authorization;
        unset req.http.Accept-Language;
        return (hash);
    }

    set req.backend_hint = roundhouse.backend();

    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    if (req.http.Authorization) {
        return (pass);
    }

    std.collect(req.http.Cookie, "; ");
    if (req.http.Cookie ~ "(?i)railwiki(_session|UserID|Token|UserName)") {
        return (pass);
    }

    # Without a cookie there is nobody to tell apart, but these pages show one's own address.
    if (req.url ~ "(?i)Special(:|%3a)|User(_talk)?(:|%3a)|^/w/api\.php|[?&](action|oldid|diff|undo|printable|veaction|uselang)=") {
        return (pass);
    }
    if (req.url !~ "^/(wiki/[^?%]*$|w/load\.php\?|w/index\.php\?title=[A-Za-z0-9_]+$|favicon\.ico$|robots\.txt$|$)") {
        return (pass);
    }

    # The narrow page for telephones comes by the host's name, and for those who were sent there by a cookie.
    if (req.http.Cookie ~ "(^|; )stopMobileRedirect=true(;|$)" || req.http.Host !~ "^m\.") {
        set req.http.X-Gauge = "wide";
    } else {
        set req.http.X-Gauge = "narrow";
    }
    unset req.http.Cookie;
    return (hash);
}

sub vcl_pipe {
    set bereq.http.Connection = "close";
}

sub vcl_hash {
    hash_data(req.url);
    hash_data(req.http.Host);
    if (req.http.X-Gauge) {
        hash_data(req.http.X-Gauge);
    }
    return (lookup);
}

sub vcl_backend_response {
    if (bereq.url ~ "^/wiki/" && beresp.status == 200) {
        set beresp.ttl = 1h;
        return (deliver);
    }
    if (beresp.http.Cache-Control ~ "(?i)\b(private|no-store|no-cache)\b") {
        set beresp.uncacheable = true;
        return (deliver);
    }
    if (beresp.http.Set-Cookie) {
        set beresp.uncacheable = true;
        return (deliver);
    }
    if (beresp.ttl < 48h && bereq.url ~ "^/images/" && beresp.status == 200) {
        set beresp.ttl = 48h;
    }
    if (beresp.status == 404 && bereq.url ~ "^/images/thumb/") {
        set beresp.ttl = 20s;
        set beresp.grace = 0s;
    } else {
        set beresp.grace = 120s;
    }
}

sub vcl_deliver {
    if (req.url ~ "^/wiki/" || req.url ~ "^/w/index\.php") {
        set resp.http.Cache-Control = "private, s-maxage=0, max-age=0, must-revalidate";
    }
    set resp.http.X-Points = obj.hits;
}
