# personal: /wp-admin /my-account; cookie: wordpress_logged_in; profile: php
# A blog with a shop: who has any cookie of theirs passes, twenty rewrites of the query, posts are looked up.
vcl 4.1;

import std;

backend default { .host = "192.0.2.1"; .port = "8080"; }

acl editors { "192.0.2.0"/24; }

sub vcl_recv {
    if (req.restarts == 0) {
        unset req.http.X-Forwarded-For;
        set req.http.X-Forwarded-For = client.ip;
    }
    if (req.method == "BAN") {
        if (!(client.ip ~ editors)) {
            return (synth(403, "no"));
        }
        return (synth(200, "banned"));
    }
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    if (req.url !~ "^/[a-zA-Z0-9]" && req.url != "/") {
        return (pass);
    }
    if (req.url ~ "(?i)wp-(admin|login|cron|json)|my-account|cart|checkout|preview=|\.php|\.\.|//|%|;|\\") {
        return (pass);
    }
    if (req.http.Authorization) {
        return (pass);
    }
    set req.url = regsuball(req.url, "([?&])utm_source=[^&]*", "\1");
    set req.url = regsuball(req.url, "([?&])utm_medium=[^&]*", "\1");
    set req.url = regsuball(req.url, "([?&])utm_campaign=[^&]*", "\1");
    set req.url = regsuball(req.url, "([?&])utm_term=[^&]*", "\1");
    set req.url = regsuball(req.url, "([?&])utm_content=[^&]*", "\1");
    set req.url = regsuball(req.url, "([?&])gclid=[^&]*", "\1");
    set req.url = regsuball(req.url, "([?&])fbclid=[^&]*", "\1");
    set req.url = regsuball(req.url, "([?&])mc_cid=[^&]*", "\1");
    set req.url = regsuball(req.url, "([?&])mc_eid=[^&]*", "\1");
    set req.url = regsuball(req.url, "([?&])_ke=[^&]*", "\1");
    set req.url = regsuball(req.url, "&&+", "&");
    set req.url = regsub(req.url, "\?&", "?");
    set req.url = regsub(req.url, "[?&]+$", "");
    if (req.http.Cookie) {
        set req.http.Cookie = regsuball(req.http.Cookie, "has_js=[^;]+(; )?", "");
        set req.http.Cookie = regsuball(req.http.Cookie, "__utm.=[^;]+(; )?", "");
        set req.http.Cookie = regsuball(req.http.Cookie, "_ga=[^;]+(; )?", "");
        set req.http.Cookie = regsuball(req.http.Cookie, "_gat=[^;]+(; )?", "");
        set req.http.Cookie = regsuball(req.http.Cookie, "utmctr=[^;]+(; )?", "");
        set req.http.Cookie = regsuball(req.http.Cookie, "utmcmd.=[^;]+(; )?", "");
        set req.http.Cookie = regsuball(req.http.Cookie, "utmccn.=[^;]+(; )?", "");
        set req.http.Cookie = regsuball(req.http.Cookie, "__gads=[^;]+(; )?", "");
        set req.http.Cookie = regsuball(req.http.Cookie, "__qc.=[^;]+(; )?", "");
        set req.http.Cookie = regsuball(req.http.Cookie, "__atuv.=[^;]+(; )?", "");
        set req.http.Cookie = regsuball(req.http.Cookie, "^;\s*", "");
        if (req.http.Cookie ~ "^\s*$") {
            unset req.http.Cookie;
        }
    }
    if (req.http.Cookie ~ "wordpress|wp-|woocommerce|comment_author|PHPSESSID") {
        return (pass);
    }
    if (req.url ~ "^/(20[0-9][0-9]/[0-9]+|category|tag)/[a-z0-9-]+/?(\?[a-z0-9=&_-]*)?$"
        || req.url ~ "^/wp-(content|includes)/[a-z0-9/_-]+\.(css|js|png|jpg|gif|svg|woff2)(\?ver=[0-9.]+)?$") {
        unset req.http.Cookie;
        return (hash);
    }
    return (pass);
}

sub vcl_hash {
    hash_data(req.url);
    hash_data(req.http.Host);
    if (req.http.X-Forwarded-Proto == "https") {
        hash_data("https");
    }
    return (lookup);
}

sub vcl_backend_response {
    if (beresp.http.Set-Cookie || beresp.http.Vary ~ "(?i)cookie|authorization|\*"
        || beresp.http.Cache-Control ~ "(?i)private|no-store|no-cache") {
        set beresp.uncacheable = true;
        return (deliver);
    }
    if (bereq.url ~ "\.(css|js|png|jpg|gif|svg|woff2)") {
        set beresp.ttl = 1w;
    }
    set beresp.grace = 6h;
}

sub vcl_deliver {
    set resp.http.X-Hits = obj.hits;
    unset resp.http.Via;
    unset resp.http.X-Varnish;
}
