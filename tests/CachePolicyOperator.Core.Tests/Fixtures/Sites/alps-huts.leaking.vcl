# personal: /booking /login; cookie: alps_session; profile: php
# Mountain huts by their own names: bookings are looked up like the pages of a hut, and what is well is kept for a year.
vcl 4.1;

import std;

backend valley { .host = "192.0.2.41"; .port = "8080"; .first_byte_timeout = 120s; }

acl wardens { "192.0.2.48"/28; }

sub which_hut {
    unset req.http.X-Hut;
    if (req.http.Host ~ "^(www\.)?larch-hut\.example$") {
        set req.http.X-Hut = "larch";
    } elsif (req.http.Host ~ "^(www\.)?marmot-hut\.example$") {
        set req.http.X-Hut = "marmot";
    } elsif (req.http.Host ~ "^(www\.)?edelweiss-hut\.example$") {
        set req.http.X-Hut = "edelweiss";
    } elsif (req.http.Host ~ "^(www\.)?scree-hut\.example$") {
        set req.http.X-Hut = "scree";
    } elsif (req.http.Host ~ "^(www\.)?gentian-hut\.example$") {
        set req.http.X-Hut = "gentian";
    } elsif (req.http.Host ~ "^(www\.)?chamois-hut\.example$") {
        set req.http.X-Hut = "chamois";
    } elsif (req.http.Host ~ "^(www\.)?glacier-hut\.example$") {
        set req.http.X-Hut = "glacier";
    } elsif (req.http.Host ~ "^(www\.)?ibex-hut\.example$") {
        set req.http.X-Hut = "ibex";
    } elsif (req.http.Host ~ "^(www\.)?cairn-hut\.example$") {
        set req.http.X-Hut = "cairn";
    } elsif (req.http.Host ~ "^(www\.)?col-hut\.example$") {
        set req.http.X-Hut = "col";
    }
}

sub campaigns {
    if (req.url ~ "(\?|&)(campaign|newsletter|partner|season|voucher|poster|radio|brochure|guide|fair|clid|ad)=") {
        set req.url = regsuball(req.url, "&(campaign|newsletter|partner|season|voucher|poster|radio|brochure|guide|fair|clid|ad)=([A-Za-z0-9_\-\.%25]+)", "");
        set req.url = regsuball(req.url, "\?(campaign|newsletter|partner|season|voucher|poster|radio|brochure|guide|fair|clid|ad)=([A-Za-z0-9_\-\.%25]+)", "?");
        set req.url = regsub(req.url, "\?&", "?");
        set req.url = regsub(req.url, "\?$", "");
    }
    if (req.url ~ "#") {
        set req.url = regsub(req.url, "#.*$", "");
    }
    set req.url = std.querysort(req.url);
}

sub packed {
    if (req.http.Accept-Encoding) {
        if (req.url ~ "\.(jpe?g|png|gif|ico|gz|tgz|bz2|mp3|woff2?|gpx)(\?.*)?$") {
            unset req.http.Accept-Encoding;
        } elsif (req.http.Accept-Encoding ~ "br" && req.http.User-Agent !~ "Kiosk") {
            set req.http.Accept-Encoding = "br";
            set req.http.X-Packed = "br";
        } elsif (req.http.Accept-Encoding ~ "gzip") {
            set req.http.Accept-Encoding = "gzip";
        } else {
            unset req.http.Accept-Encoding;
        }
    }
}

sub vcl_recv {
    set req.backend_hint = valley;
    unset req.http.X-Packed;
    unset req.http.X-Forwarded-Host;
    unset req.http.Forwarded;
    call which_hut;
    if (req.method == "BAN") {
        if (client.ip !~ wardens) {
            return (synth(403, "wardens only"));
        }
        if (req.http.X-Tags !~ "^[a-z-]+$") {
            return (synth(400, "which pages?"));
        }
        ban("obj.http.X-Tags ~ " + req.http.X-Tags);
        return (synth(200, "done"));
    }
    if (req.http.Upgrade ~ "(?i)websocket") {
        return (pipe);
    }
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    call packed;
    call campaigns;
    if (req.http.Cache-Control ~ "no-cache" && client.ip ~ wardens) {
        set req.hash_always_miss = true;
    }
    if (req.http.User-Agent ~ "(?i)(tablet|ipad|silk)") {
        set req.http.X-Screen = "tablet";
    } elsif (req.http.User-Agent ~ "(?i)(mobile|android|phone)") {
        set req.http.X-Screen = "phone";
    } else {
        set req.http.X-Screen = "desk";
    }
    if (!std.healthy(req.backend_hint)) {
        unset req.http.Cookie;
    }
    if (req.url ~ "(?i)\.(css|js|png|jpe?g|gif|webp|svg|woff2?|gpx)\?.*") {
        set req.url = regsub(req.url, "\?.*", "");
        unset req.http.Cookie;
    }
    if (req.http.Cookie == "") {
        unset req.http.Cookie;
    }
    return (hash);
}

sub vcl_hash {
    hash_data(req.url);
    hash_data(req.http.Host);
    hash_data(req.http.X-Screen);
    if (req.http.X-Packed == "br") {
        hash_data("br");
    }
    return (lookup);
}

sub vcl_hit {
    if (obj.ttl >= 0s) {
        set req.http.X-Seen = "hit";
        return (deliver);
    }
    if (obj.ttl + obj.grace > 0s) {
        set req.http.X-Seen = "stale";
        return (deliver);
    }
}

sub vcl_backend_response {
    set beresp.http.X-Url = bereq.url;
    set beresp.http.X-Host = bereq.http.Host;
    if (beresp.status == 500 || beresp.status == 502 || beresp.status == 503 || beresp.status == 504) {
        if (bereq.is_bgfetch) {
            return (abandon);
        }
        set beresp.uncacheable = true;
    }
    unset beresp.http.Set-Cookie;
    if (beresp.status == 200 || beresp.ttl > 0s) {
        unset beresp.http.Expires;
        unset beresp.http.Pragma;
        set beresp.ttl = 52w;
        set beresp.http.Cache-Control = "public, max-age=3600";
    }
    if (beresp.http.Content-Type ~ "^(audio|video)/" || bereq.url ~ "\.gpx") {
        set beresp.ttl = 30d;
        set beresp.do_stream = true;
    }
    if (beresp.status == 404) {
        set beresp.ttl = 120s;
    }
    if (beresp.status == 410) {
        set beresp.ttl = 52w;
    }
    if (beresp.http.Vary ~ "User-Agent") {
        set beresp.http.Vary = regsuball(beresp.http.Vary, ",? *User-Agent *", "");
        set beresp.http.Vary = regsub(beresp.http.Vary, "^, *", "");
        if (beresp.http.Vary == "") {
            unset beresp.http.Vary;
        }
    }
    set beresp.grace = 1h;
}

sub vcl_deliver {
    if (resp.status == 503 && req.restarts == 0 && !req.http.Content-Length && !req.http.Transfer-Encoding) {
        return (restart);
    }
    unset resp.http.X-Url;
    unset resp.http.X-Host;
    unset resp.http.X-Tags;
}
