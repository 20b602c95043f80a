# personal: /mein /login /abo; cookie: sso_session; header: x-sso; profile: spring5
# The site of a broadcaster: only what is listed is looked up, without a cookie; everything else is passed as it came.
vcl 4.1;

import std;
import directors;

probe ready { .url = "/actuator/health"; .interval = 5s; .timeout = 2s; .window = 6; .threshold = 4; }

backend cms_a { .host = "192.0.2.191"; .port = "8080"; .probe = ready; }
backend cms_b { .host = "192.0.2.192"; .port = "8080"; .probe = ready; }
backend live { .host = "192.0.2.193"; .port = "8080"; .first_byte_timeout = 3s; }
backend search { .host = "192.0.2.194"; .port = "8983"; }

acl editors { "192.0.2.0"/24; ! "192.0.2.7"; }

sub vcl_init {
    new cms = directors.round_robin();
    cms.add_backend(cms_a);
    cms.add_backend(cms_b);
}

sub shield {
    # no other spelling of a path than the plain one
    if (req.url !~ "^/[^%;\\]*$" || req.url ~ "//" || req.url ~ "/\.") {
        return (pass);
    }
    if (req.http.Range && req.url !~ "^/media/") {
        unset req.http.Range;
    }
}

sub choose_backend {
    set req.backend_hint = cms.backend();
    if (req.url ~ "^/live(/|$|\?)") {
        set req.backend_hint = live;
    } elsif (req.url ~ "^/suche(/|$|\?)") {
        set req.backend_hint = search;
    }
}

sub strip_for_all {
    unset req.http.Cookie;
    unset req.http.Authorization;
    unset req.http.X-Sso;
    unset req.http.User-Agent;
    unset req.http.Referer;
    unset req.http.Accept-Language;
    unset req.http.X-Forwarded-For;
}

sub vcl_recv {
    if (req.method == "BAN") {
        if (client.ip !~ editors) {
            return (synth(403, "Forbidden"));
        }
        if (req.http.X-Ban-Url) {
            ban("obj.http.X-Url ~ " + req.http.X-Ban-Url);
        } elsif (req.http.X-Ban-Page) {
            ban("obj.http.X-Page == " + req.http.X-Ban-Page);
        }
        return (synth(200, "Banned"));
    }

    call choose_backend;

    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    call shield;

    # preview for editors
    if (req.http.Host ~ "^preview\.") {
        if (client.ip !~ editors) {
            return (synth(403, "Forbidden"));
        }
        return (pass);
    }

    # tickers, for all
    if (req.url ~ "^/live/[a-z0-9-]+/(ticker|score)\.json$") {
        call strip_for_all;
        return (hash);
    }

    # articles, sections, media
    if (req.url ~ "^/(politik|wirtschaft|kultur|sport|wissen)(/[a-z0-9-]+)*/?(\?seite=[0-9]+)?$"
        || req.url ~ "^/artikel/[a-z0-9-]+-[0-9]+\.html$"
        || req.url ~ "^/media/[0-9]{4}/[0-9]{2}/[a-z0-9_-]+\.(jpg|png|mp3|mp4|vtt)$"
        || req.url ~ "^/(static|fonts)/[a-z0-9.-]+\.(css|js|woff2)$"
        || req.url == "/") {
        call strip_for_all;
        return (hash);
    }

    # search: the words, and the page
    if (req.url ~ "^/suche\?q=[a-z0-9+-]+(&seite=[0-9]+)?$") {
        call strip_for_all;
        return (hash);
    }
    return (pass);
}

sub vcl_hash {
    hash_data(req.http.Host);
    hash_data(req.url);
    if (req.http.X-Forwarded-Proto) {
        hash_data(req.http.X-Forwarded-Proto);
    } else {
        hash_data("http");
    }
    return (lookup);
}

sub vcl_backend_response {
    if (bereq.uncacheable) {
        return (deliver);
    }
    if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)private|no-store|no-cache" || beresp.http.Vary ~ "(?i)cookie|authorization") {
        # should not be: tell who made it
        std.log("personal answer on " + bereq.url);
        set beresp.uncacheable = true;
        set beresp.ttl = 1m;
        return (deliver);
    }
    set beresp.http.X-Url = bereq.url;
    if (beresp.status == 200 || beresp.status == 304) {
        if (bereq.url ~ "^/live/") {
            set beresp.ttl = 2s;
            set beresp.grace = 5s;
        } elsif (bereq.url ~ "^/(media|static|fonts)/") {
            set beresp.ttl = 7d;
        } else {
            set beresp.ttl = 60s;
            set beresp.grace = 1h;
        }
    } elsif (beresp.status == 404 || beresp.status == 301) {
        set beresp.ttl = 30s;
    } else {
        set beresp.uncacheable = true;
        set beresp.ttl = 1s;
        return (deliver);
    }
}

sub vcl_deliver {
    unset resp.http.X-Url;
    unset resp.http.X-Page;
    if (obj.hits > 0) {
        set resp.http.X-Cache = "HIT";
    } else {
        set resp.http.X-Cache = "MISS";
    }
}
