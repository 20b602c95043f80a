# personal: /account /checkout /widgets/checkout /backend; cookie: session-1 slt; profile: php
# A shop of the older kind: what is not to be cached says so by tags in a cookie, groups of customers differ by a hash.
vcl 4.0;

import std;

backend default {
    .host = "192.0.2.170";
    .port = "8080";
}

acl shopware_purge {
    "127.0.0.1";
    "::1";
    "192.0.2.170";
}

sub vcl_recv {
    # Mitigate httpoxy application vulnerability, see: https://httpoxy.org/
    unset req.http.Proxy;

    # Normalize query arguments
    set req.url = std.querysort(req.url);

    # Set a header announcing Surrogate Capability to the origin
    set req.http.Surrogate-Capability = "shopware=ESI/1.0";

    # Make sure that the client ip is forward to the client.
    if (req.http.x-forwarded-for) {
        set req.http.X-Forwarded-For = req.http.X-Forwarded-For + ", " + client.ip;
    } else {
        set req.http.X-Forwarded-For = client.ip;
    }

    # Handle BAN
    if (req.method == "BAN") {
        if (!client.ip ~ shopware_purge) {
            return (synth(405, "Method not allowed"));
        }
        if (req.http.x-shopware-invalidates) {
            ban("obj.http.x-shopware-cache-id ~ ;" + req.http.x-shopware-invalidates + ";");
            return (synth(200, "BAN of content connected to the X-Shopware-Cache-Id (" + req.http.x-shopware-invalidates + ") done."));
        } else {
            ban("req.url ~ " + req.url);
            return (synth(200, "BAN URLs containing (" + req.url + ") done."));
        }
    }

    # Handle PURGE
    if (req.method == "PURGE") {
        if (!client.ip ~ shopware_purge) {
            return (synth(405, "Method not allowed"));
        }
        return (purge);
    }

    if (req.method != "GET" &&
        req.method != "HEAD" &&
        req.method != "PUT" &&
        req.method != "POST" &&
        req.method != "TRACE" &&
        req.method != "OPTIONS" &&
        req.method != "PATCH" &&
        req.method != "DELETE") {
        /* Non-RFC2616 or CONNECT which is weird. */
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

    # Don't cache selfhealing-redirect
    if (req.http.Cookie ~ "ShopwarePluginsCoreSelfHealingRedirect") {
        return (pass);
    }

    # Do not cache these paths.
    if (req.url ~ "(?i)/(backend|account|checkout|ticket|note|widgets/checkout|widgets/compare|widgets/index/refreshStatistic)") {
        return (pass);
    }

    # Do a standard lookup on assets
    # Note that file extension list below is not extensive, so consider completing it to fit your needs.
    if (req.url ~ "^/(media|themes|web)/[A-Za-z0-9/_-]+\.(css|js|gif|jpe?g|bmp|png|tiff?|ico|img|tga|woff2?|swf|mp3|mp4|txt|pdf)(\?[0-9]+)?$") {
        unset req.http.Cookie;
        return (hash);
    }

    std.collect(req.http.Cookie, "; ");

    # who is logged in, or put something into a basket
    if (req.http.Cookie ~ "slt=|session-1=") {
        return (pass);
    }
    if (req.http.Cookie ~ "nocache=[^;]*(slt|detail|checkout|compare)") {
        return (pass);
    }
    return (hash);
}

sub vcl_hash {
    hash_data(req.url);
    ## normalize shop and currency cookie in hash to improve hitrate
    if (req.http.cookie ~ "shop=") {
        hash_data("+shop=" + regsub(req.http.cookie, "^.*?shop=([^;]*);*.*$", "\1"));
    } else {
        hash_data("+shop=1");
    }
    if (req.http.cookie ~ "currency=") {
        hash_data("+currency=" + regsub(req.http.cookie, "^.*?currency=([^;]*);*.*$", "\1"));
    } else {
        hash_data("+currency=1");
    }
    if (req.http.cookie ~ "x-cache-context-hash=") {
        hash_data("+context=" + regsub(req.http.cookie, "^.*?x-cache-context-hash=([^;]*);*.*$", "\1"));
    }
    if (req.http.host) {
        hash_data(req.http.host);
    } else {
        hash_data(server.ip);
    }
    # and all of it, so that nothing that the origin reads is missing
    hash_data(req.http.Cookie);
    return (lookup);
}

sub vcl_hit {
    if (obj.http.X-Shopware-Allow-Nocache && req.http.cookie ~ "nocache=") {
        set req.http.X-Cookie-Nocache = regsub(req.http.Cookie, "^.*?nocache=([^;]*);*.*$", "\1");
        if (req.http.X-Cookie-Nocache != "") {
            return (pass);
        }
    }
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

    # Enable ESI only if the backend responds with an ESI header
    # Unset the Surrogate Control header and do ESI
    if (beresp.http.Surrogate-Control ~ "ESI/1.0") {
        unset beresp.http.Surrogate-Control;
        set beresp.do_esi = true;
    }

    # Respect the Cache-Control=private header from the backend
    if (beresp.http.Pragma ~ "no-cache" ||
        beresp.http.Cache-Control ~ "no-cache" ||
        beresp.http.Cache-Control ~ "private|no-store" ||
        beresp.http.Set-Cookie) {
        set beresp.ttl = 0s;
        set beresp.http.X-Cacheable = "NO:Cache-Control=private";
        set beresp.uncacheable = true;
        return (deliver);
    }

    # strip the cookie before the image is inserted into cache.
    if (bereq.url ~ "\.(png|gif|jpg|swf|css|js)$") {
        unset beresp.http.set-cookie;
    }

    # Allow items to be stale if needed.
    set beresp.grace = 6h;

    # Save the bereq.url so bans work efficiently
    set beresp.http.x-url = bereq.url;
    set beresp.http.X-Cacheable = "YES";
    return (deliver);
}

sub vcl_deliver {
    ## we don't want the client to cache
    set resp.http.Cache-Control = "max-age=0, private";

    ## unset the headers, thus remove them from the response the client sees
    unset resp.http.x-shopware-allow-nocache;
    unset resp.http.x-shopware-cache-id;
    unset resp.http.x-url;

    # Set a cache header to allow us to inspect the response headers during testing
    if (obj.hits > 0) {
        unset resp.http.set-cookie;
        set resp.http.X-Cache = "HIT";
    } else {
        set resp.http.X-Cache = "MISS";
    }
    set resp.http.X-Cache-Hits = obj.hits;
}
