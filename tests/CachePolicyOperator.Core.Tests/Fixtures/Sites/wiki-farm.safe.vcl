# personal: /w/index.php /wiki/Special:UserLogin /wiki/Special:Watchlist; cookie: *Session *Token; profile: php
# A farm of wikis: each has its own backend, whoever was here with a session goes past the cache, thumbnails go by another way.
vcl 4.1;

import std;
import directors;

probe mwhealth {
    .request = "GET /check HTTP/1.1"
        "Host: health.example"
        "User-Agent: Varnish healthcheck"
        "Connection: close";
    .interval = 10s;
    .timeout = 8s;
    .window = 5;
    .threshold = 4;
    .initial = 4;
    .expected_response = 204;
}

backend mw131 { .host = "192.0.2.181"; .port = "8113"; .probe = mwhealth; }
backend mw132 { .host = "192.0.2.182"; .port = "8114"; .probe = mwhealth; }
backend swift { .host = "192.0.2.183"; .port = "8206"; }

sub vcl_init {
    new mediawiki = directors.hash();
    mediawiki.add_backend(mw131, 1);
    mediawiki.add_backend(mw132, 1);
}

acl purge {
    "localhost";
    "192.0.2.181";
    "192.0.2.182";
}

sub mw_identify_device {
    # Used in vcl_backend_fetch and vcl_hash
    set req.http.X-Subdomain = "";
    if (req.url !~ "^/w/load\.php.*" && req.http.User-Agent ~ "(?i)(mobi|240x240|alcatel|android|iphone|ipod|blackberry|nokia|symbian|windows phone)") {
        set req.http.X-Device = "phone-tablet";
        # In vcl_backend_fetch we'll decide in which situations we should actually do something with this.
        set req.http.X-Use-Mobile = "1";
    } else {
        set req.http.X-Device = "desktop";
        unset req.http.X-Use-Mobile;
    }
}

sub mw_evaluate_cookie {
    # Replace all session values in cookies with one name
    std.collect(req.http.Cookie, "; ");
    if (req.http.Cookie ~ "([sS]ession|Token)=") {
        # a session, or a token to log in again
        set req.http.X-Who = "somebody";
    } else {
        # These users can have pages that are for all; the mobile view is all that they chose
        if (req.http.Cookie ~ "stopMobileRedirect=true") {
            set req.http.X-Device = "desktop";
            unset req.http.X-Use-Mobile;
        }
        unset req.http.X-Who;
        unset req.http.Cookie;
    }
}

sub mw_request {
    call mw_identify_device;

    if (req.url ~ "^/\.well-known") {
        set req.backend_hint = mw131;
        return (pass);
    }

    # Don't cache requests that are not for reading
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }

    # static files of the farm
    if (req.http.Host == "static.wikis.example") {
        set req.backend_hint = swift;
        unset req.http.Cookie;
        unset req.http.Authorization;
        if (req.url !~ "^/[a-z0-9]+/(thumb/)?[0-9a-f]/[0-9a-f]{2}/[^/%;]+(/[0-9]+px-[^/%;]+)?$" || req.url ~ "\.\./") {
            return (pass);
        }
        if (req.url ~ "^/[a-z0-9]+/thumb/[0-9a-f]/[0-9a-f]{2}/") {
            # width is all that counts of the name of a thumbnail
            set req.url = regsub(req.url, "/([0-9]+)px-[^/?]*(\?.*)?$", "/\1px");
        }
        return (hash);
    }

    if (req.http.Authorization) {
        return (pass);
    }

    call mw_evaluate_cookie;
    if (req.http.X-Who) {
        return (pass);
    }

    # these are made anew each time
    if (req.url ~ "(action|title)=(edit|submit|history|raw|Special)" || req.url ~ "(?i)special:(userlogin|watchlist|preferences|search)"
        || req.url ~ "^/w/(index|api)\.php") {
        return (pass);
    }

    if (req.url ~ "(\?|&)(fbclid|utm_[a-z]+)=") {
        set req.url = regsuball(req.url, "(fbclid|utm_[a-z]+)=[^&]*&?", "");
        set req.url = regsub(req.url, "[?&]$", "");
    }
    return (hash);
}

sub vcl_recv {
    unset req.http.Proxy;
    unset req.http.X-Who;
    unset req.http.X-Forwarded-Host;
    set req.backend_hint = mediawiki.backend(req.http.Host);

    # Health checks of balancers
    if (req.url == "/check" && client.ip ~ purge) {
        return (synth(200));
    }

    if (req.method == "PURGE") {
        if (!client.ip ~ purge) {
            return (synth(405, "Denied."));
        }
        # Not all wikis have a host of their own
        ban("req.url == " + req.url + " && req.http.Host == " + req.http.Host);
        return (synth(200, "Purged"));
    }
    call mw_request;
}

sub vcl_hash {
    # FIXME: try if we can make this ^/wiki/ only?
    if (req.url ~ "^/wiki/" || req.url ~ "^/w/load.php") {
        hash_data(req.http.X-Device);
    }
    if (req.http.X-Forwarded-Proto == "http") {
        hash_data("http");
    }
}

sub vcl_pipe {
    // for websockets over pipe
    if (req.http.upgrade) {
        set bereq.http.upgrade = req.http.upgrade;
        set bereq.http.connection = req.http.connection;
    }
}

sub vcl_backend_fetch {
    if (bereq.url ~ "^/wiki/" && bereq.http.X-Use-Mobile) {
        set bereq.http.X-Mobile = "1";
    } else {
        unset bereq.http.X-Mobile;
    }
    unset bereq.http.X-Use-Mobile;
    if (bereq.url !~ "^/wiki/" && bereq.url !~ "^/w/load.php") {
        unset bereq.http.X-Device;
    }
}

sub vcl_backend_response {
    if (beresp.http.Cache-Control ~ "(?i)private|no-cache|no-store" || beresp.http.Set-Cookie) {
        set beresp.uncacheable = true;
        set beresp.ttl = 2m;
        return (deliver);
    }

    if (beresp.ttl <= 0s) {
        set beresp.ttl = 30m;
        set beresp.uncacheable = true;
        return (deliver);
    }

    if (beresp.status == 404 && beresp.ttl > 10m) {
        set beresp.ttl = 10m;
    }

    if (beresp.status >= 500) {
        set beresp.uncacheable = true;
        set beresp.ttl = 0s;
        return (deliver);
    }

    if (beresp.http.Content-Length && std.integer(beresp.http.Content-Length, 0) > 10485760) {
        set beresp.do_stream = true;
    }

    # Distribute caching re-calls where possible
    if (beresp.ttl >= 60s) {
        set beresp.ttl = std.duration(std.random(55, 60) + "s", 60s);
        set beresp.ttl = 1h;
    }
    if (beresp.http.Vary ~ "(?i)cookie|authorization|\*") {
        set beresp.uncacheable = true;
    }
    set beresp.grace = 30m;
    return (deliver);
}

sub vcl_deliver {
    if (req.method == "HEAD") {
        # For performance
        unset resp.http.X-Body;
    }
    if (obj.hits > 0) {
        set resp.http.X-Cache = server.hostname + " HIT (" + obj.hits + ")";
    } else {
        set resp.http.X-Cache = server.hostname + " MISS (0)";
    }
    # pages are for this cache to keep
    if (req.url ~ "^/wiki/") {
        set resp.http.Cache-Control = "private, s-maxage=0, max-age=0, must-revalidate";
    }
    unset resp.http.Via;
    unset resp.http.X-Varnish;
    return (deliver);
}

sub vcl_backend_error {
    set beresp.http.Content-Type = "text/html; charset=utf-8";
    synthetic({"<!DOCTYPE html><html><title>"} + beresp.status + " " + beresp.reason + {"</title><body><p>Something is not well. Try again in a few minutes.</p></body></html>"});
    return (deliver);
}
