# personal: /konto /profile /newsletter/settings; cookie: sid remember; header: x-user-token; profile: express
# The same, where the cookie of the edition is left, with all that stands beside it, and a reader who is remembered does not pass.
vcl 4.1;

import std;
import directors;
import cookie;

backend web1 { .host = "192.0.2.131"; .port = "8080"; }
backend web2 { .host = "192.0.2.132"; .port = "8080"; }
backend images { .host = "192.0.2.133"; .port = "8080"; }
backend api { .host = "192.0.2.134"; .port = "8080"; .first_byte_timeout = 5s; }

acl trusted_edge { "192.0.2.0"/24; }

sub vcl_init {
    new web = directors.random();
    web.add_backend(web1, 10.0);
    web.add_backend(web2, 5.0);
}

sub recv_backend {
    if (req.url ~ "^/api/") {
        set req.backend_hint = api;
    } elsif (req.url ~ "^/(img|resizer)/") {
        set req.backend_hint = images;
    } else {
        set req.backend_hint = web.backend();
    }
}

sub recv_edition {
    # a reader may choose, else it is where they are
    cookie.parse(req.http.Cookie);
    set req.http.X-Edition = cookie.get("edition");
    if (req.http.X-Edition !~ "^(int|us|uk|de|at|ch)$") {
        if (client.ip ~ trusted_edge && req.http.X-Country ~ "^(US|CA)$") {
            set req.http.X-Edition = "us";
        } elsif (client.ip ~ trusted_edge && req.http.X-Country == "GB") {
            set req.http.X-Edition = "uk";
        } elsif (client.ip ~ trusted_edge && req.http.X-Country ~ "^(DE|AT|CH)$") {
            set req.http.X-Edition = std.tolower(req.http.X-Country);
        } else {
            set req.http.X-Edition = "int";
        }
    }
}

sub recv_device {
    if (req.http.User-Agent ~ "(?i)(mobi|iphone|android)") {
        set req.http.X-Device = "m";
    } else {
        set req.http.X-Device = "d";
    }
}

sub recv_consent {
    if (req.http.Cookie ~ "(^|; )consent=all(;|$)") {
        set req.http.X-Consent = "all";
    } else {
        set req.http.X-Consent = "none";
    }
}

sub vcl_recv {
    if (req.esi_level > 0) {
        # frames are asked for as the page was
        unset req.http.Range;
    }
    if (req.restarts == 0) {
        unset req.http.X-Edition;
        unset req.http.X-Device;
        unset req.http.X-Consent;
        unset req.http.X-Client;
        set req.http.X-Client = client.ip;
    }

    if (req.method == "PURGE") {
        if (client.ip !~ trusted_edge) {
            return (synth(405, "No"));
        }
        return (purge);
    }

    call recv_backend;

    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }

    if (req.url ~ "(?i)^/(konto|profile|newsletter/settings|comments/mine)") {
        return (pass);
    }

    if (req.http.Authorization || req.http.X-User-Token) {
        return (pass);
    }

    # photographs never differ
    if (req.url ~ "^/(img|resizer)/[0-9]+x[0-9]+/[0-9a-z]+\.(jpg|webp|avif)$") {
        unset req.http.Cookie;
        set req.http.X-Edition = "img";
        set req.http.X-Device = "img";
        set req.http.X-Consent = "img";
        return (hash);
    }

    std.collect(req.http.Cookie, "; ");
    if (req.http.Cookie ~ "(^|; ?)sid=[^;]") {
        return (pass);
    }

    call recv_edition;
    call recv_device;
    call recv_consent;
    if (req.http.Cookie !~ "edition=") {
        unset req.http.Cookie;
    }

    if (req.url ~ "\?") {
        set req.url = regsuball(req.url, "(?i)([?&])(utm_[a-z]+|wt_[a-z]+|fbclid|gclid|ref|cmp|xtor)=[^&]*", "\1");
        set req.url = regsuball(req.url, "&{2,}", "&");
        set req.url = regsuball(req.url, "\?&", "?");
        set req.url = regsub(req.url, "[?&]+$", "");
    }
    return (hash);
}

sub vcl_hash {
    hash_data(req.url);
    hash_data(req.http.Host);
    hash_data(req.http.X-Edition);
    hash_data(req.http.X-Device);
    hash_data(req.http.X-Consent);
    return (lookup);
}

sub vcl_miss {
    if (req.http.X-Edition == "img") {
        unset req.http.X-Consent;
    }
}

sub vcl_backend_fetch {
    unset bereq.http.X-Client;
    unset bereq.http.X-Country;
}

sub vcl_backend_response {
    if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)private|no-store|no-cache") {
        set beresp.uncacheable = true;
        set beresp.ttl = 30s;
        return (deliver);
    }
    if (beresp.http.X-Esi == "1" && beresp.http.Content-Type ~ "^text/html") {
        set beresp.do_esi = true;
    }
    if (beresp.status == 404 || beresp.status == 410) {
        set beresp.ttl = 10s;
    } elsif (beresp.status >= 500) {
        if (bereq.is_bgfetch) {
            return (abandon);
        }
        set beresp.ttl = 1s;
        set beresp.grace = 0s;
        set beresp.uncacheable = true;
        return (deliver);
    } elsif (beresp.ttl < 10s && beresp.ttl > 0s) {
        # everybody reads the front page at once
        set beresp.ttl = 10s;
    }
    set beresp.grace = 4h;
}

sub vcl_deliver {
    if (req.http.X-Edition && req.esi_level == 0) {
        set resp.http.X-Served-Edition = req.http.X-Edition;
    }
    set resp.http.X-Cache = "MISS";
    if (obj.hits > 0) {
        set resp.http.X-Cache = "HIT";
    }
    unset resp.http.X-Esi;
    unset resp.http.Via;
    unset resp.http.X-Varnish;
}

sub vcl_backend_error {
    set beresp.http.Content-Type = "text/html; charset=utf-8";
    set beresp.http.Cache-Control = "no-store";
    set beresp.body = {"<!doctype html><title>Sorry</title><p>We will be back in a minute."};
    return (deliver);
}
