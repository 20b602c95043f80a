# personal: /mein /profil /api/user; cookie: rf_sid rf_remember; header: X-Device-Id; profile: express
# The same, where the app's number reaches every server.
vcl 4.1;

import std;
import directors;

backend ticker { .host = "192.0.2.21"; .port = "3001"; .probe = { .url = "/live"; .interval = 1s; .timeout = 500ms; .window = 4; .threshold = 3; } }
backend articles { .host = "192.0.2.22"; .port = "3002"; }
backend articles_b { .host = "192.0.2.23"; .port = "3002"; }
backend recordings { .host = "192.0.2.24"; .port = "80"; .max_connections = 2000; }
backend users { .host = "192.0.2.25"; .port = "3005"; .first_byte_timeout = 5s; }

acl studio {
    "192.0.2.16"/28;
    ! "192.0.2.31";
}
acl edge_of_the_cdn {
    "198.51.100.0"/26;
    "198.51.100.64"/27;
    "2001:db8:aa::"/56;
}

sub vcl_init {
    new desk = directors.random();
    desk.add_backend(articles, 3);
    desk.add_backend(articles_b, 1);
}

sub from_the_edge {
    # Only the delivery network knows which land somebody is in.
    if (client.ip !~ edge_of_the_cdn) {
        unset req.http.X-Land;
    }
    if (req.http.X-Land !~ "^(DE|AT|CH)$") {
        set req.http.X-Land = "other";
    }
}

sub tidy_query {
    if (req.url ~ "\?$") {
        set req.url = regsub(req.url, "\?$", "");
    }
    if (req.url ~ "(?i)[?&](at_[a-z]+|xtor|ns_[a-z]+)=") {
        set req.url = regsuball(req.url, "(?i)(at_[a-z]+|xtor|ns_[a-z]+)=[^&]*&?", "");
        set req.url = regsub(req.url, "[?&]$", "");
    }
}

sub route {
    if (req.url ~ "^/live/") {
        set req.backend_hint = ticker;
    } elseif (req.url ~ "^/(av|podcast)/") {
        set req.backend_hint = recordings;
    } elseif (req.url ~ "^/(mein|profil|api/user)") {
        set req.backend_hint = users;
    } else {
        set req.backend_hint = desk.backend();
    }
}

sub vcl_recv {
    if (req.method == "PURGE" || req.method == "SOFTPURGE") {
        if (client.ip !~ studio) {
            return (synth(403, "Off air"));
        }
        if (req.method == "SOFTPURGE") {
            ban("obj.http.X-Keys ~ (^|,)" + req.http.X-Key + "(,|$) && obj.age > 1s");
            return (synth(200, "Fading out"));
        }
        return (purge);
    }

    if (req.method != "GET" && req.method != "HEAD") {
        call route;
        return (pass);
    }

    call from_the_edge;
    call tidy_query;
    call route;

    # The app's number says who asks, and nobody but the users' server may hear of it.
    if (req.url ~ "(?i)^/(mein|profil|api/user)([/?.]|$)" || req.url ~ "%|//|/\.|;") {
        return (pass);
    }

    if (req.http.Authorization) {
        return (pass);
    }

    if (req.url ~ "^/live/[0-9]+(/since/[0-9]+)?$") {
        unset req.http.Cookie;
        set req.http.X-Land = "all";
        return (hash);
    }

    if (req.url ~ "^/(av|podcast)/[a-z0-9/_-]+\.(mp3|mp4|m3u8|ts|vtt)$") {
        # Recordings that may not leave the country.
        if (req.url ~ "/geo/" && req.http.X-Land == "other") {
            return (synth(451, "Not in your country"));
        }
        unset req.http.Cookie;
        set req.http.X-Land = "all";
        return (hash);
    }

    std.collect(req.http.Cookie, "; ");
    if (req.http.Cookie ~ "(?i)rf_(sid|remember)") {
        return (pass);
    }
    if (req.http.Cookie ~ "(^|; )rf_theme=dark(;|$)") {
        set req.http.X-Theme = "dark";
    } else {
        set req.http.X-Theme = "light";
    }
    unset req.http.Cookie;
    return (hash);
}

sub vcl_hash {
    hash_data(req.url);
    hash_data(req.http.Host);
    hash_data(req.http.X-Land);
    if (req.http.X-Theme == "dark") {
        hash_data("dark");
    }
    return (lookup);
}

sub vcl_backend_fetch {
    if (bereq.http.X-Land == "all") {
        unset bereq.http.X-Theme;
        unset bereq.http.User-Agent;
    }
    if (bereq.http.Cookie == "") {
        unset bereq.http.Cookie;
    }
}

sub vcl_backend_response {
    if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)\b(private|no-store)\b" || beresp.http.Vary ~ "\*") {
        set beresp.uncacheable = true;
        set beresp.ttl = 30s;
        return (deliver);
    }
    if (bereq.url ~ "^/live/") {
        set beresp.ttl = 2s;
        set beresp.grace = 10s;
        set beresp.keep = 0s;
    } elseif (bereq.url ~ "^/(av|podcast)/") {
        set beresp.do_stream = true;
        if (beresp.status == 200 || beresp.status == 206) {
            set beresp.ttl = 1d;
        }
    } else {
        set beresp.grace = 24h;
    }
    if (beresp.status >= 500) {
        if (bereq.is_bgfetch) {
            return (abandon);
        }
        set beresp.uncacheable = true;
        set beresp.ttl = 1s;
        return (deliver);
    }
    unset beresp.http.X-Internal-Host;
}

sub vcl_hit {
    if (obj.ttl <= 0s && obj.ttl + 10s > 0s) {
        set req.http.X-Stale = "yes";
    }
}

sub vcl_deliver {
    unset resp.http.X-Keys;
    if (req.http.X-Stale) {
        set resp.http.Warning = {"110 - "Response is Stale""};
    }
    if (resp.status == 404 && req.url ~ "^/live/") {
        set resp.http.Cache-Control = "max-age=1";
    }
}

sub vcl_synth {
    if (resp.status == 451) {
        set resp.http.Content-Type = "text/plain; charset=utf-8";
        synthetic("Aus rechtlichen Gruenden nicht abrufbar.");
        return (deliver);
    }
}
