# personal: /konto /abo /merkliste; cookie: sso_session abo_id; profile: express
# A newspaper: the session of a reader passes, paid articles differ by one flag in the key, pages are put together of fragments.
vcl 4.1;

import std;
import directors;
import cookie;

probe alive {
    .url = "/alive";
    .interval = 3s;
    .window = 5;
    .threshold = 2;
}

backend front1 { .host = "192.0.2.61"; .port = "8080"; .probe = alive; }
backend front2 { .host = "192.0.2.62"; .port = "8080"; .probe = alive; }
backend front3 { .host = "192.0.2.63"; .port = "8080"; .probe = alive; }
backend images { .host = "192.0.2.64"; .port = "8080"; }
backend search { .host = "192.0.2.65"; .port = "9000"; }

acl newsroom {
    "192.0.2.128"/25;
    ! "192.0.2.200";
}

sub vcl_init {
    new fronts = directors.shard();
    fronts.add_backend(front1);
    fronts.add_backend(front2);
    fronts.add_backend(front3);
    fronts.reconfigure();
}

sub choose_backend {
    if (req.url ~ "^/(img|bilder)/") {
        set req.backend_hint = images;
    } elsif (req.url ~ "^/suche") {
        set req.backend_hint = search;
    } else {
        set req.backend_hint = fronts.backend();
    }
}

sub devices {
    if (req.http.User-Agent ~ "(?i)(tablet|ipad|playbook|silk)|(android(?!.*mobile))") {
        set req.http.X-Device = "tablet";
    } elsif (req.http.User-Agent ~ "(?i)mobile|android|iphone|ipod|blackberry|opera mini|iemobile") {
        set req.http.X-Device = "phone";
    } else {
        set req.http.X-Device = "desktop";
    }
}

sub redirects {
    if (req.http.Host == "example.org" || req.http.Host == "m.example.org") {
        return (synth(750, "https://www.example.org" + req.url));
    }
    if (req.url == "/index.html" || req.url == "/home") {
        return (synth(750, "https://www.example.org/"));
    }
    if (req.url ~ "^/rss/?$") {
        return (synth(750, "https://www.example.org/feeds/all.xml"));
    }
    if (req.url ~ "^/(artikel|article)/([0-9]+)$") {
        return (synth(750, regsub(req.url, "^/(artikel|article)/([0-9]+)$", "https://www.example.org/a/\2")));
    }
}

sub campaigns {
    if (req.url ~ "[?&](utm_|wt_|at_|cid=|fbclid=|gclid=|xing_share=|ns_)") {
        set req.url = regsuball(req.url, "[?&](utm_[a-z]+|wt_[a-z]+|at_[a-z]+|cid|fbclid|gclid|xing_share|ns_[a-z]+)=[^&]*", "");
        # what was behind the first one begins the query now
        set req.url = regsub(req.url, "^([^?&]*)&", "\1?");
    }
}

sub vcl_recv {
    if (req.restarts == 0) {
        unset req.http.X-Device;
        unset req.http.X-Paywall;
        unset req.http.X-Forwarded-Host;
    }
    set req.http.Host = std.tolower(req.http.Host);
    call redirects;

    if (req.method == "PURGE" || req.method == "REFRESH") {
        if (client.ip !~ newsroom) {
            return (synth(403, "newsroom only"));
        }
        if (req.method == "REFRESH") {
            set req.method = "GET";
            set req.hash_always_miss = true;
        } else {
            return (purge);
        }
    }
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }

    call choose_backend;
    call campaigns;
    call devices;

    if (req.http.Authorization) {
        return (pass);
    }

    std.collect(req.http.Cookie, "; ");
    cookie.parse(req.http.Cookie);
    if (req.http.Cookie ~ "sso_session=" || req.http.Cookie ~ "abo_id=") {
        return (pass);
    }
    # a stranger who took the free week sees no wall
    if (cookie.get("probewoche") == "1") {
        set req.http.X-Paywall = "open";
    } else {
        set req.http.X-Paywall = "shut";
    }
    unset req.http.Cookie;

    if (req.url ~ "^/(konto|abo|merkliste|login|logout|api/v[0-9]+/me)(/|\?|$)") {
        return (pass);
    }
    return (hash);
}

sub vcl_hash {
    hash_data(req.url);
    hash_data(req.http.Host);
    hash_data(req.http.X-Device);
    hash_data(req.http.X-Paywall);
    return (lookup);
}

sub vcl_backend_response {
    if (beresp.http.Set-Cookie || beresp.http.Vary ~ "(?i)cookie|authorization|\*"
        || beresp.http.Cache-Control ~ "(?i)private|no-store|no-cache") {
        set beresp.uncacheable = true;
        set beresp.ttl = 30s;
        return (deliver);
    }
    if (beresp.status == 500 || beresp.status == 502 || beresp.status == 503) {
        if (bereq.retries == 0) {
            return (retry);
        }
        set beresp.uncacheable = true;
        return (deliver);
    }
    if (beresp.http.X-Esi == "1") {
        set beresp.do_esi = true;
    }
    if (beresp.ttl > 0s) {
        set beresp.grace = 2h;
        set beresp.keep = 1d;
    }
}

sub vcl_deliver {
    if (client.ip ~ newsroom) {
        set resp.http.X-Device = req.http.X-Device;
        set resp.http.X-Hits = obj.hits;
    }
    if (req.esi_level == 0) {
        set resp.http.Cache-Control = "public, max-age=30";
    }
    unset resp.http.X-Esi;
    unset resp.http.Via;
}

sub vcl_synth {
    if (resp.status == 750) {
        set resp.http.Location = resp.reason;
        set resp.status = 301;
        set resp.reason = "Moved";
        return (deliver);
    }
}
