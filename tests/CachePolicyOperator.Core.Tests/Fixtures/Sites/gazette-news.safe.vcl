# personal: /konto /abo /merkliste; cookie: gz_session gz_abo; header: X-Gz-Token; profile: nginx
# A regional paper: eleven local editions, a paywall, fragments for weather and traffic, apps that bring a token.
vcl 4.1;

import std;
import directors;
import blob;

probe press { .url = "/_press/ok"; .interval = 3s; .timeout = 1s; .window = 8; .threshold = 5; .initial = 5; }

backend press_a { .host = "192.0.2.171"; .port = "8080"; .probe = press; .max_connections = 400; }
backend press_b { .host = "192.0.2.172"; .port = "8080"; .probe = press; .max_connections = 400; }
backend press_old { .host = "192.0.2.179"; .port = "80"; .probe = { .url = "/"; .interval = 60s; } }
backend subscriptions { .host = "192.0.2.180"; .port = "9001"; }
backend weather { .host = "192.0.2.181"; .port = "9002"; .first_byte_timeout = 2s; }

acl newsroom { "192.0.2.160"/29; "198.51.100.7"; "2001:db8:1::/64"; }
acl partners { "203.0.113.5"; "203.0.113.6"; "203.0.113.7"; }
acl crawlers_that_pay { "203.0.113.128"/26; }

sub vcl_init {
    new rotation = directors.shard();
    rotation.add_backend(press_a);
    rotation.add_backend(press_b);
    rotation.reconfigure();
}

sub pick_press {
    if (req.url ~ "^/(konto|abo|merkliste)") {
        set req.backend_hint = subscriptions;
    } else if (req.url ~ "^/_fragment/(wetter|verkehr)") {
        set req.backend_hint = weather;
    } else if (req.url ~ "^/archiv/(19[0-9]{2}|200[0-9])/") {
        set req.backend_hint = press_old;
    } else {
        set req.backend_hint = rotation.backend(by=URL);
    }
}

sub stop_the_press {
    if (req.method == "PURGE" || req.method == "REFRESH") {
        if (!(std.ip(req.http.X-Real-IP, "0.0.0.0") ~ newsroom) && !(client.ip ~ newsroom)) {
            return (synth(403, "Editors only"));
        }
        if (req.method == "REFRESH") {
            set req.method = "GET";
            set req.hash_always_miss = true;
        } else {
            return (purge);
        }
    }
}

# Which of eleven towns: the address says it, else the cookie of the chooser, else none.
sub find_town {
    set req.http.X-Town = "land";
    if (req.url ~ "^/lokal/[a-z]+/") {
        set req.http.X-Town = regsub(req.url, "^/lokal/([a-z]+)/.*$", "\1");
    } else if (req.http.Cookie ~ "(^|; )town=(nord|sued|hafen|altstadt|berg|see)(;|$)") {
        set req.http.X-Town = regsub(req.http.Cookie, "^(.*; )?town=(nord|sued|hafen|altstadt|berg|see)(;.*)?$", "\2");
    }
}

sub find_screen {
    if (req.http.User-Agent ~ "(?i)tablet|ipad") {
        set req.http.X-Screen = "middle";
    } else if (req.http.User-Agent ~ "(?i)phone|mobile") {
        set req.http.X-Screen = "small";
    } else {
        set req.http.X-Screen = "wide";
    }
}

sub vcl_recv {
    unset req.http.Forwarded;
    unset req.http.X-Town;
    unset req.http.X-Screen;
    set req.http.Surrogate-Capability = "press=ESI/1.0";

    call stop_the_press;
    call pick_press;

    if (req.method != "GET" && req.method != "HEAD") {
        if (req.method == "POST" && req.url ~ "^/(kommentar|umfrage|konto|abo|merkliste)/") {
            return (pass);
        }
        return (synth(405, "Read only"));
    }

    # Fragments are the same for everybody.
    if (req.esi_level > 0 && req.url ~ "^/_fragment/(wetter|verkehr)/[a-z]+$") {
        unset req.http.Cookie;
        unset req.http.X-Gz-Token;
        unset req.http.Authorization;
        set req.http.X-Town = "land";
        set req.http.X-Screen = "wide";
        return (hash);
    }
    if (req.url ~ "^/_fragment/" && req.esi_level == 0) {
        return (synth(404, "Part of a page"));
    }

    if (req.http.Authorization || req.http.X-Gz-Token) {
        return (pass);
    }
    if (req.url ~ "(?i)^/(konto|abo|merkliste)" || req.url ~ "%|;|//|/\.") {
        return (pass);
    }

    std.collect(req.http.Cookie, "; ");
    if (req.http.Cookie ~ "(?i)gz_(session|abo)") {
        return (pass);
    }

    # Who pays by contract gets the articles without the wall, and nobody else gets those copies.
    if (client.ip ~ crawlers_that_pay || client.ip ~ partners) {
        return (pass);
    }

    call find_town;
    call find_screen;
    unset req.http.Cookie;

    set req.url = regsuball(req.url, "[?&](wt_[a-z]+|utm_[a-z]+|fbclid|xing_share|from_app)=[^&]*", "");
    set req.url = regsub(req.url, "^([^?&]*)&", "\1?");
    return (hash);
}

sub vcl_hash {
    hash_data(req.url);
    hash_data(req.http.Host);
    hash_data(req.http.X-Town);
    hash_data(req.http.X-Screen);
    return (lookup);
}

sub vcl_backend_fetch {
    if (!bereq.uncacheable) {
        unset bereq.http.User-Agent;
        unset bereq.http.Referer;
        unset bereq.http.Accept-Language;
        unset bereq.http.X-Real-IP;
    }
}

sub vcl_backend_response {
    if (beresp.status >= 500 && beresp.status < 600) {
        if (bereq.is_bgfetch) {
            return (abandon);
        }
        set beresp.uncacheable = true;
        set beresp.ttl = 1s;
        return (deliver);
    }
    if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)private|no-store|no-cache") {
        set beresp.uncacheable = true;
        set beresp.ttl = 60s;
        return (deliver);
    }
    if (beresp.http.X-Press-Esi == "on") {
        set beresp.do_esi = true;
        unset beresp.http.X-Press-Esi;
    }
    if (beresp.http.X-Press-Ttl) {
        set beresp.ttl = std.duration(beresp.http.X-Press-Ttl, 30s);
        unset beresp.http.X-Press-Ttl;
    }
    if (bereq.url ~ "^/archiv/") {
        set beresp.ttl = 7d;
    }
    set beresp.grace = 30m;
    set beresp.keep = 1d;
}

sub vcl_deliver {
    if (req.esi_level == 0) {
        set resp.http.X-Served-In = std.real2time(std.real(resp.http.Age, 0.0), now);
        unset resp.http.X-Served-In;
    }
    set resp.http.Vary = "Accept-Encoding, User-Agent, Cookie";
    unset resp.http.Via;
    unset resp.http.X-Varnish;
}

sub vcl_backend_error {
    set beresp.http.Content-Type = "text/html; charset=utf-8";
    set beresp.http.Retry-After = "10";
    synthetic({"<!DOCTYPE html><html lang="de"><title>Druckpause</title><body><h1>Druckpause</h1></body></html>"});
    return (deliver);
}
