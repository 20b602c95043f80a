# personal: /account /checkout /widgets/checkout /store-api; cookie: session- sw-states; profile: php
# The same, where only the state counts, and the session does not.
vcl 4.1;

import std;
import xkey;
import cookie;

backend default {
    .host = "shop";
    .port = "8000";
    .max_connections = 300;
    .connect_timeout = 5s;
    .first_byte_timeout = 60s;
    .between_bytes_timeout = 2s;
}

acl purgers {
    "127.0.0.1";
    "localhost";
    "::1";
    "192.0.2.0"/24;
}

sub vcl_recv {
    # Mitigate httpoxy application vulnerability
    unset req.http.Proxy;

    # Strip query strings only needed by browser javascript
    if (req.url ~ "(\?|&)(pk_campaign|piwik_campaign|pk_kwd|piwik_kwd|pk_keyword|pixelId|kwid|kw|adid|chl|dv|nk|pa|camid|adgid|cx|ie|cof|siteurl|utm_[a-z]+|_ga|gclid)=") {
        set req.url = regsuball(req.url, "(pk_campaign|piwik_campaign|pk_kwd|piwik_kwd|pk_keyword|pixelId|kwid|kw|adid|chl|dv|nk|pa|camid|adgid|cx|ie|cof|siteurl|utm_[a-z]+|_ga|gclid)=[-_A-Za-z0-9.%]+&?", "");
    }
    set req.url = regsub(req.url, "(\?|&)+$", "");

    # Normalize query arguments
    set req.url = std.querysort(req.url);

    # Make sure that the client ip is forward to the backend
    if (req.http.x-forwarded-for) {
        set req.http.X-Forwarded-For = req.http.X-Forwarded-For + ", " + client.ip;
    } else {
        set req.http.X-Forwarded-For = client.ip;
    }

    # Handle BAN
    if (req.method == "BAN") {
        if (!client.ip ~ purgers) {
            return (synth(405, "Method not allowed"));
        }
        ban("req.url ~ " + req.url);
        return (synth(200, "BAN URLs containing (" + req.url + ") done."));
    }

    # Handle xkey
    if (req.method == "PURGE") {
        if (client.ip !~ purgers) {
            return (synth(403, "Forbidden"));
        }
        if (req.http.xkey) {
            set req.http.n-gone = xkey.purge(req.http.xkey);
            return (synth(200, "Invalidated " + req.http.n-gone + " objects"));
        } else {
            return (purge);
        }
    }

    if (req.method != "GET" &&
        req.method != "HEAD" &&
        req.method != "PUT" &&
        req.method != "POST" &&
        req.method != "TRACE" &&
        req.method != "OPTIONS" &&
        req.method != "PATCH" &&
        req.method != "DELETE") {
        return (pipe);
    }

    # We only deal with GET and HEAD by default
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }

    # Don't cache Authenticate & Authorization
    if (req.http.Authenticate || req.http.Authorization) {
        return (pass);
    }

    # Always pass these paths directly to php without caching
    if (req.url ~ "^/(checkout|account|admin|api)(/.*)?$") {
        return (pass);
    }

    std.collect(req.http.Cookie, "; ");
    if (req.http.Cookie ~ "sw-states") {
        return (pass);
    }

    # Strip what only scripts in the browser read
    set req.http.Cookie = regsuball(req.http.Cookie, "(^|; )(_ga|_gid|_gat|_fbp|__utm[a-z])=[^;]*", "");
    set req.http.Cookie = regsub(req.http.Cookie, "^; ", "");
    if (req.http.Cookie == "") {
        unset req.http.Cookie;
    }
    return (hash);
}

sub vcl_hash {
    hash_data(req.url);
    if (req.http.host) {
        hash_data(req.http.host);
    } else {
        hash_data(server.ip);
    }
    if (req.http.Cookie ~ "sw-cache-hash=") {
        hash_data("+context=" + regsub(req.http.Cookie, "^.*?sw-cache-hash=([^;]*);*.*$", "\1"));
    } elseif (req.http.Cookie ~ "sw-currency=") {
        hash_data("+currency=" + regsub(req.http.Cookie, "^.*?sw-currency=([^;]*);*.*$", "\1"));
    }
    return (lookup);
}

sub vcl_hit {
    if (obj.ttl >= 0s) {
        return (deliver);
    }
}

sub vcl_backend_fetch {
    unset bereq.http.Cookie;
}

sub vcl_backend_response {
    # Fix Vary Header in some cases
    if (beresp.http.Vary ~ "User-Agent") {
        set beresp.http.Vary = regsub(beresp.http.Vary, ",? *User-Agent *", "");
        set beresp.http.Vary = regsub(beresp.http.Vary, "^, *", "");
        if (beresp.http.Vary == "") {
            unset beresp.http.Vary;
        }
    }

    # Respect the Cache-Control=private header from the backend
    if (beresp.http.Pragma ~ "no-cache" ||
        beresp.http.Cache-Control ~ "(?i)private|no-store|no-cache") {
        set beresp.ttl = 0s;
        set beresp.http.X-Cacheable = "NO:Cache-Control=private";
        set beresp.uncacheable = true;
        return (deliver);
    }

    # strip the cookie before the image is inserted into cache.
    if (beresp.http.Set-Cookie || beresp.http.Vary ~ "(?i)cookie|authorization|\*") {
        set beresp.uncacheable = true;
        return (deliver);
    }

    # Allow items to be stale if needed.
    set beresp.ttl = 24h;
    set beresp.grace = 6h;
    unset beresp.http.pragma;
    return (deliver);
}

sub vcl_deliver {
    # we don't want the client to cache
    if (resp.http.Cache-Control !~ "private" && req.url !~ "^/(theme|media|thumbnail|bundles)/") {
        set resp.http.Pragma = "no-cache";
        set resp.http.Expires = "-1";
        set resp.http.Cache-Control = "no-store, no-cache, must-revalidate, max-age=0";
    }
    # invalidation headers are only for internal use
    unset resp.http.sw-invalidation-states;
    unset resp.http.xkey;
    unset resp.http.X-Varnish;
    unset resp.http.Via;
    set resp.http.x-cache-hits = obj.hits;
}
