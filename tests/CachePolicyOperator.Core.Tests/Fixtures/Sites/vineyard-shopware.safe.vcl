# personal: /account /checkout /wishlist /store-api; cookie: session- sw-context-token; header: sw-context-token sw-access-key; profile: symfony
# A vineyard on Shopware 6: bottles, a wine club with prices of its own, guided tours.
vcl 4.1;

import std;

backend cellar {
    .host = "192.0.2.61";
    .port = "8000";
    .max_connections = 150;
}

acl cellar_master {
    "localhost";
    "192.0.2.0"/25;
    "2001:db8:cafe::"/48;
}

sub club_knock {
    # Only the shop itself may empty barrels.
    if (req.method == "BAN" || req.method == "BANALL") {
        if (!(client.ip ~ cellar_master)) {
            return (synth(403, "Not the cellar master"));
        }
        if (req.method == "BANALL") {
            ban("req.url ~ .");
            return (synth(200, "All barrels emptied"));
        }
        ban("obj.http.xkey ~ " + req.http.xkey);
        return (synth(200, "Barrel emptied"));
    }
    if (req.method == "PURGE") {
        if (!(client.ip ~ cellar_master)) {
            return (synth(403, "Not the cellar master"));
        }
        return (purge);
    }
}

sub vcl_recv {
    call club_knock;

    unset req.http.Proxy;
    unset req.http.X-Club;
    unset req.http.X-Price;
    set req.http.Host = regsub(req.http.Host, ":80$|:443$", "");

    if (req.http.Upgrade ~ "(?i)websocket") {
        return (pipe);
    }

    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }

    if (req.http.Authorization || req.http.sw-context-token || req.http.sw-access-key) {
        return (pass);
    }

    std.collect(req.http.Cookie, "; ");

    # The admin desk and what the desk asks of the shop.
    if (req.url ~ "(?i)^/(admin|api|store-api)([/?]|$)") {
        return (pass);
    }

    # Each language of the shop has a prefix, the German one has none.
    if (req.url ~ "(?i)^(/[a-z]{2}(-[a-z]{2})?)?/(account|checkout|wishlist|widgets/checkout|tour/booking)([/?;]|$)") {
        return (pass);
    }

    if (req.http.Cookie ~ "(?i)session-|sw-context-token") {
        return (pass);
    }

    # States that the shop sets for who has a basket, or has logged in.
    if (req.http.Cookie ~ "(?i)sw-states=[^;]*(logged-in|cart-filled)") {
        return (pass);
    }

    if (req.http.Cookie ~ "(^|; )sw-cache-hash=[0-9a-f]+(;|$)") {
        set req.http.X-Club = regsub(req.http.Cookie, "^(?:.*; )?sw-cache-hash=([0-9a-f]+)(?:;.*)?$", "\1");
        return (pass);
    }

    if (req.http.Cookie ~ "(^|; )sw-currency=[0-9a-f]{32}(;|$)") {
        set req.http.X-Price = regsub(req.http.Cookie, "^(?:.*; )?sw-currency=([0-9a-f]{32})(?:;.*)?$", "\1");
    } else {
        set req.http.X-Price = "house";
    }

    # Campaigns of the autumn: what the shop never reads.
    set req.url = regsuball(req.url, "(?<=[?&])(pk_[a-z]+|utm_[a-z]+|wt_mc|sPartner|awc|dclid)(=[^&]*)?(&|$)", "");
    set req.url = regsub(req.url, "(\?|&)$", "");
    set req.url = std.querysort(req.url);

    unset req.http.Cookie;
    return (hash);
}

sub vcl_hash {
    hash_data(req.url);
    hash_data(req.http.Host);
    hash_data("price:");
    hash_data(req.http.X-Price);
    return (lookup);
}

sub vcl_backend_fetch {
    if (!bereq.uncacheable) {
        if (bereq.http.X-Price != "house") {
            set bereq.http.Cookie = "sw-currency=" + bereq.http.X-Price;
        }
        unset bereq.http.Forwarded;
    }
    unset bereq.http.X-Club;
}

sub vcl_hit {
    # A cellar that does not answer: what was poured within two days goes on.
    if (obj.ttl < 0s && !std.healthy(req.backend_hint)) {
        std.log("cellar is closed, pouring " + req.url);
        return (deliver);
    }
}

sub vcl_backend_response {
    if (beresp.http.Set-Cookie) {
        set beresp.uncacheable = true;
        set beresp.ttl = 2m;
        return (deliver);
    }
    if (beresp.http.Cache-Control ~ "(?i)no-store|private|no-cache") {
        set beresp.uncacheable = true;
        set beresp.ttl = 2m;
        return (deliver);
    }
    if (beresp.http.Vary ~ "(?i)\*|cookie|sw-context") {
        set beresp.uncacheable = true;
        return (deliver);
    }
    if (beresp.http.sw-invalidation-states) {
        set beresp.uncacheable = true;
        set beresp.ttl = 10s;
        return (deliver);
    }
    # The shop says s-maxage for whatever may be in the cellar; nothing else gets a place there.
    if (beresp.http.Cache-Control !~ "(?i)s-maxage=[1-9]" && bereq.url !~ "^/(theme|media|thumbnail|bundles)/") {
        set beresp.uncacheable = true;
        set beresp.ttl = 5s;
        return (deliver);
    }
    set beresp.keep = 10m;
    set beresp.grace = 2d;
    set beresp.http.X-Barrel = bereq.url;
}

sub vcl_deliver {
    if (resp.http.Cache-Control !~ "private" && req.url !~ "^/(theme|media|thumbnail|bundles)/") {
        set resp.http.Pragma = "no-cache";
        set resp.http.Cache-Control = "no-store, must-revalidate";
    }
    unset resp.http.X-Barrel;
    unset resp.http.xkey;
    unset resp.http.sw-invalidation-states;
    set resp.http.X-Pour = req.restarts;
    if (obj.hits) {
        set resp.http.X-Pour = "hit " + obj.hits;
    }
}

sub vcl_backend_error {
    set beresp.http.Content-Type = "text/html; charset=utf-8";
    set beresp.http.Retry-After = "20";
    synthetic({"<!doctype html><title>Closed</title><p>The cellar is closed for a moment. Request "} + bereq.xid + {"</p>"});
    return (deliver);
}
