# personal: /account /checkout /store-api /widgets; cookie: session-; header: sw-context-token; profile: symfony
# The same, where a token of an app does not count as somebody, and pages with fragments are kept before anything is asked of them.
vcl 4.1;

import std;
import cookie;

backend default {
    .host = "192.0.2.50";
    .port = "8000";
    .connect_timeout = 5s;
    .first_byte_timeout = 90s;
}

acl purgers {
    "127.0.0.1";
    "192.0.2.50";
}

sub vcl_recv {
    unset req.http.Proxy;

    # normalize the header, remove the port
    set req.http.Host = regsub(req.http.Host, ":[0-9]+", "");

    # strip query strings only needed by browser javascript
    if (req.url ~ "(\?|&)(utm_[a-z]+|gclid|fbclid|msclkid|pk_campaign|_ga)=") {
        set req.url = regsuball(req.url, "&(utm_[a-z]+|gclid|fbclid|msclkid|pk_campaign|_ga)=([A-z0-9_\-\.%25]+)", "");
        set req.url = regsuball(req.url, "\?(utm_[a-z]+|gclid|fbclid|msclkid|pk_campaign|_ga)=([A-z0-9_\-\.%25]+)", "?");
        set req.url = regsub(req.url, "\?&", "?");
        set req.url = regsub(req.url, "\?$", "");
    }

    # normalize query arguments
    set req.url = std.querysort(req.url);

    # set a header announcing surrogate capability to the origin
    set req.http.Surrogate-Capability = "shopware=ESI/1.0";

    if (req.http.x-forwarded-for) {
        set req.http.X-Forwarded-For = req.http.X-Forwarded-For + ", " + client.ip;
    } else {
        set req.http.X-Forwarded-For = client.ip;
    }

    if (req.method == "PURGE") {
        if (client.ip !~ purgers) {
            return (synth(403, "Forbidden"));
        }
        return (purge);
    }

    if (req.method == "BAN") {
        if (client.ip !~ purgers) {
            return (synth(403, "Forbidden"));
        }
        ban("req.url ~ " + req.url);
        return (synth(200, "BAN URLs containing (" + req.url + ") done."));
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

    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }

    # apps say who asks with a token of their own
    if (req.http.Authorization) {
        return (pass);
    }

    # always pass these paths directly to php without caching
    if (req.url ~ "^/(checkout|account|admin|api|widgets)(/.*)?$") {
        return (pass);
    }

    std.collect(req.http.Cookie, "; ");
    cookie.parse(req.http.Cookie);

    # a session that is logged in, or has something in its basket
    if (cookie.get("sw-states") ~ "logged-in|cart-filled") {
        return (pass);
    }

    # strangers share; the session is for pages that we did not look up
    if (cookie.isset("sw-cache-hash")) {
        set req.http.X-Context = "hash-" + cookie.get("sw-cache-hash");
    } elsif (cookie.isset("sw-currency")) {
        set req.http.X-Context = "currency-" + cookie.get("sw-currency");
    } else {
        set req.http.X-Context = "none";
    }
    cookie.keep("sw-cache-hash,sw-currency");
    set req.http.Cookie = cookie.get_string();
    return (hash);
}

sub vcl_hash {
    hash_data(req.url);
    if (req.http.host) {
        hash_data(req.http.host);
    } else {
        hash_data(server.ip);
    }
    hash_data(req.http.X-Context);
    hash_data(req.http.Cookie);
    return (lookup);
}

sub vcl_hit {
    if (obj.ttl >= 0s) {
        return (deliver);
    }
    if (std.healthy(req.backend_hint)) {
        if (obj.ttl + 300s > 0s) {
            return (deliver);
        }
        return (restart);
    }
    return (deliver);
}

sub vcl_backend_fetch {
    unset bereq.http.X-Context;
}

sub vcl_backend_response {
    if (beresp.http.Surrogate-Control ~ "ESI/1.0") {
        unset beresp.http.Surrogate-Control;
        set beresp.do_esi = true;
        return (deliver);
    }

    # Respect the Cache-Control=private header from the backend
    if (beresp.http.Cache-Control ~ "(?i)private|no-store|no-cache" || beresp.http.Pragma ~ "no-cache"
        || beresp.http.Set-Cookie || beresp.http.Vary ~ "(?i)cookie|\*") {
        set beresp.uncacheable = true;
        set beresp.ttl = 120s;
        return (deliver);
    }

    if (bereq.url ~ "\.(css|js|gif|jpe?g|png|webp|svg|woff2?)(\?|$)") {
        set beresp.ttl = 7d;
    }
    set beresp.grace = 6h;
    return (deliver);
}

sub vcl_deliver {
    if (resp.http.Cache-Control !~ "private" && req.url !~ "^/(theme|media|thumbnail|bundles)/") {
        set resp.http.Pragma = "no-cache";
        set resp.http.Expires = "-1";
        set resp.http.Cache-Control = "no-store, no-cache, must-revalidate, max-age=0";
    }
    unset resp.http.sw-invalidation-states;
    unset resp.http.xkey;
    unset resp.http.X-Varnish;
    unset resp.http.Via;
    if (obj.hits > 0) {
        set resp.http.X-Cache = "HIT";
    } else {
        set resp.http.X-Cache = "MISS";
    }
}
