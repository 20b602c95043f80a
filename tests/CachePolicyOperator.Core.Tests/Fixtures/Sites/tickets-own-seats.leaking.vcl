# personal: /account /basket /orders /seats/mine; cookie: stage_session stage_jwt; header: X-Stage-Token; profile: symfony
# The same, where the map of one's own seats looks like that of a hall.
vcl 4.1;

import std;
import directors;

backend stage1 { .host = "192.0.2.141"; .port = "8080"; .max_connections = 90; .probe = { .url = "/healthz"; .interval = 2s; .timeout = 1s; .window = 5; .threshold = 4; } }
backend stage2 { .host = "192.0.2.142"; .port = "8080"; .max_connections = 90; .probe = { .url = "/healthz"; .interval = 2s; .timeout = 1s; .window = 5; .threshold = 4; } }
backend foyer { .host = "192.0.2.145"; .port = "8088"; }


sub vcl_init {
    new curtain = directors.round_robin();
    curtain.add_backend(stage1);
    curtain.add_backend(stage2);
    new seats = directors.fallback(sticky = true);
    seats.add_backend(stage2);
    seats.add_backend(stage1);
}

# What the load balancer in front says of the line, and what it may not say.
sub wristband {
    unset req.http.X-Queue-Place;
    unset req.http.X-Doors;
    if (std.port(server.ip) == 8443 || req.http.X-Forwarded-Proto == "https") {
        set req.http.X-Doors = "open";
    } else {
        return (synth(308, "https://karten.theater.example" + req.url));
    }
}

sub is_up {
    if (req.url == "/varnish-up") {
        if (std.healthy(curtain.backend())) {
            return (synth(200, "Curtain up"));
        }
        return (synth(503, "Curtain down"));
    }
}

sub waiting_room {
    if (req.url ~ "^/(basket|orders)" && req.method == "POST") {
        # Nobody is turned away who holds tickets already.
        if (req.http.Cookie !~ "stage_session=" && std.random(0, 100) > 80) {
            set req.backend_hint = foyer;
            set req.url = "/foyer";
            return (pass);
        }
    }
}

sub vcl_recv {
    set req.backend_hint = curtain.backend();
    call is_up;
    call wristband;

    if (req.restarts > 0) {
        set req.backend_hint = seats.backend();
        return (pass);
    }

    call waiting_room;

    if (req.method == "OPTIONS" && req.http.Origin) {
        return (synth(204, "Preflight"));
    }
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    if (req.http.Authorization || req.http.X-Stage-Token) {
        return (pass);
    }

    # Plays, dates, and the map of a hall: public, whoever looks.
    if (req.url ~ "^/(plays|dates)(/[a-z0-9-]+)?(\?page=[0-9]{1,3})?$") {
        unset req.http.Cookie;
        set req.http.X-Act = "1";
        return (hash);
    }
    if (req.url ~ "^/seats/[a-z0-9]{1,6}(\.json)?$") {
        set req.backend_hint = seats.backend();
        set req.http.X-Act = "2";
        return (hash);
    }
    if (req.url ~ "^/build/[a-z]+\.[0-9a-f]{8}\.(css|js)$" || req.url ~ "^/posters/[0-9]+-(s|m|l)\.(jpg|webp)$") {
        unset req.http.Cookie;
        set req.http.X-Act = "3";
        return (hash);
    }
    return (pass);
}

sub vcl_hash {
    hash_data(req.url);
    hash_data(req.http.Host);
    return (lookup);
}

sub vcl_backend_fetch {
    if (bereq.http.X-Act) {
        unset bereq.http.X-Forwarded-Host;
        unset bereq.http.Forwarded;
        unset bereq.http.Origin;
        unset bereq.http.Accept-Language;
    }
    set bereq.http.X-Stage-Via = "curtain";
}

sub vcl_backend_response {
    if (beresp.status >= 500 && bereq.retries == 0) {
        return (retry);
    }
    if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)(private|no-store)") {
        set beresp.uncacheable = true;
        set beresp.ttl = 10s;
        return (deliver);
    }
    if (bereq.http.X-Act == "2") {
        set beresp.ttl = 2s;
        set beresp.grace = 1s;
    } elsif (bereq.http.X-Act == "1") {
        if (beresp.status == 200) {
            set beresp.ttl = 60s;
        }
        set beresp.grace = 1h;
    } elsif (bereq.http.X-Act == "3" && beresp.status == 200) {
        set beresp.ttl = 52w;
        unset beresp.http.ETag;
    }
}

sub vcl_deliver {
    # The first stage forgot its text: the second one is asked once.
    if (resp.status == 502 || resp.status == 504) {
        if (req.restarts == 0 && req.method == "GET") {
            return (restart);
        }
    }
    unset resp.http.X-Debug-Token;
    unset resp.http.X-Debug-Token-Link;
    if (req.http.X-Act) {
        set resp.http.X-Act = req.http.X-Act;
    }
}

sub vcl_synth {
    if (resp.status == 308) {
        set resp.http.Location = resp.reason;
        set resp.reason = "Permanent Redirect";
        return (deliver);
    }
    if (resp.status == 204) {
        set resp.http.Access-Control-Allow-Origin = "https://theater.example";
        set resp.http.Access-Control-Max-Age = "600";
        return (deliver);
    }
    set resp.http.Content-Type = "text/plain";
    set resp.body = resp.reason;
    return (deliver);
}
