# personal: /customer /checkout /backoffice; cookie: PHPSESSID admin; profile: php
# A shop with an office: the office is for its own network, who has a session passes, three backends.
vcl 4.1;

import std;
import directors;

probe up {
    .url = "/ping";
    .interval = 10s;
    .timeout = 3s;
    .window = 5;
    .threshold = 3;
    .initial = 2;
}

backend front1 { .host = "192.0.2.31"; .port = "8080"; .probe = up; .max_connections = 200; }
backend front2 { .host = "192.0.2.32"; .port = "8080"; .probe = up; .max_connections = 200; }
backend office { .host = "192.0.2.40"; .port = "8080"; .first_byte_timeout = 900s; }

acl office_net {
    "192.0.2.128"/25;
    "127.0.0.1";
    ! "192.0.2.129";
}

acl purgers {
    "127.0.0.1";
    "192.0.2.40";
}

sub vcl_init {
    new front = directors.fallback();
    front.add_backend(front1);
    front.add_backend(front2);
}

sub block_scanners {
    if (req.url ~ "(?i)\.(env|git|svn|htaccess|bak|sql)(/|$)" || req.url ~ "^/(phpmyadmin|wp-login|xmlrpc)") {
        return (synth(404, "Not found"));
    }
    if (req.http.User-Agent ~ "(?i)(nikto|sqlmap|masscan|zgrab)") {
        return (synth(403, "Forbidden"));
    }
}

sub normalise_host {
    set req.http.Host = std.tolower(req.http.Host);
    set req.http.Host = regsub(req.http.Host, ":[0-9]+$", "");
    if (req.http.Host ~ "^shop\.example$") {
        return (synth(751, "https://www.shop.example"));
    }
}

sub vcl_recv {
    unset req.http.Proxy;
    call block_scanners;
    call normalise_host;

    if (req.method == "PURGE") {
        if (client.ip !~ purgers) {
            return (synth(405, "Not allowed"));
        }
        if (req.http.X-Tags) {
            ban("obj.http.X-Tags ~ (^|,)" + req.http.X-Tags + "(,|$)");
            return (synth(200, "Banned"));
        }
        return (purge);
    }

    # the office
    if (req.url ~ "(?i)^/backoffice") {
        if (client.ip !~ office_net) {
            return (synth(403, "Forbidden"));
        }
        set req.backend_hint = office;
        return (pass);
    }

    set req.backend_hint = front.backend();

    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }

    if (req.http.Authorization) {
        return (pass);
    }

    if (req.url ~ "^/(customer|checkout|wishlist|sales|paypal|newsletter)(/|$|\?)") {
        return (pass);
    }

    # somebody of the office looks at the shop without a cache
    if (client.ip ~ office_net && req.http.Cache-Control ~ "no-cache") {
        set req.hash_always_miss = true;
    }

    # theme files carry a version in their path
    if (req.url ~ "^/static/version[0-9]+/[A-Za-z0-9_/-]+\.(css|js|woff2|svg|png)$") {
        set req.url = regsub(req.url, "^/static/version[0-9]+/", "/static/");
        unset req.http.Cookie;
        return (hash);
    }

    std.collect(req.http.Cookie);
    if (req.http.Cookie ~ "(^|[;,] ?)(PHPSESSID|admin|persistent_shopping_cart)=") {
        return (pass);
    }

    # spelled like a session, but not by a browser
    if (req.http.Cookie ~ "(?i)sess|admin") {
        return (pass);
    }

    set req.url = regsuball(req.url, "([?&])(utm_[a-z]+|gclid|fbclid|msclkid|_hs[a-z]+)=[^&]*", "\1");
    set req.url = regsuball(req.url, "&+", "&");
    set req.url = regsub(req.url, "\?&", "?");
    set req.url = regsub(req.url, "[?&]$", "");

    # the currency is all that we want to know of strangers
    if (req.http.Cookie ~ "currency=(EUR|CHF|GBP)") {
        set req.http.X-Currency = regsub(req.http.Cookie, "^.*currency=(EUR|CHF|GBP).*$", "\1");
    } else {
        set req.http.X-Currency = "EUR";
    }
    unset req.http.Cookie;
    return (hash);
}

sub vcl_hash {
    hash_data(req.url);
    hash_data(req.http.Host);
    hash_data(req.http.X-Currency);
    if (req.http.X-Forwarded-Proto) {
        hash_data(req.http.X-Forwarded-Proto);
    }
    return (lookup);
}

sub vcl_backend_response {
    if (beresp.status >= 500 && bereq.is_bgfetch) {
        return (abandon);
    }
    if (bereq.uncacheable) {
        return (deliver);
    }
    if (beresp.status == 404) {
        set beresp.ttl = 30s;
    }
    if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)(private|no-store|no-cache)"
        || beresp.http.Vary ~ "(?i)(cookie|authorization|\*)") {
        set beresp.uncacheable = true;
        set beresp.ttl = 2m;
        return (deliver);
    }
    if (bereq.url ~ "^/static/") {
        set beresp.ttl = 30d;
        unset beresp.http.Vary;
    }
    set beresp.grace = 1h;
    if (beresp.http.Content-Type ~ "^(text/|application/(javascript|json|xml))") {
        set beresp.do_gzip = true;
    }
}

sub vcl_deliver {
    unset resp.http.X-Tags;
    unset resp.http.X-Powered-By;
    unset resp.http.Server;
    set resp.http.X-Cache = req.http.X-Cache;
    if (obj.hits > 0) {
        set resp.http.X-Cache = "HIT " + obj.hits;
    }
}

sub vcl_synth {
    if (resp.status == 751) {
        set resp.http.Location = resp.reason + req.url;
        set resp.status = 301;
        set resp.reason = "Moved Permanently";
        return (deliver);
    }
    set resp.http.Content-Type = "text/html; charset=utf-8";
    synthetic({"<html><body><h1>"} + resp.status + " " + resp.reason + {"</h1></body></html>"});
    return (deliver);
}
