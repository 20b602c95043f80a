# personal: /customer /checkout /sales /wishlist /rest; cookie: PHPSESSID private_content_version; profile: php
# The same, where a session is seen only if the browser names it first, and cookies reach the shop.
vcl 4.1;

import std;
import directors;

# Both ovens run the same PHP; the third one only bakes the nightly exports.
probe oven_is_hot {
    .request =
        "GET /health_check.php HTTP/1.1"
        "Host: shop.bakery.example"
        "Connection: close"
        "User-Agent: probe";
    .interval = 6s;
    .timeout = 4s;
    .window = 6;
    .threshold = 4;
    .initial = 3;
}

backend oven_left {
    .host = "192.0.2.11";
    .port = "8081";
    .connect_timeout = 1500ms;
    .first_byte_timeout = 120s;
    .between_bytes_timeout = 20s;
    .probe = oven_is_hot;
}

backend oven_right {
    .host = "192.0.2.12";
    .port = "8081";
    .connect_timeout = 1500ms;
    .first_byte_timeout = 120s;
    .between_bytes_timeout = 20s;
    .probe = oven_is_hot;
}

backend exports {
    .host = "192.0.2.19";
    .port = "8082";
    .first_byte_timeout = 900s;
}

acl bakers {
    "127.0.0.1";
    "192.0.2.11";
    "192.0.2.12";
    "198.51.100.0"/28;
}

acl suppliers {
    "203.0.113.64"/27;
    !"203.0.113.70";
}

sub vcl_init {
    new ovens = directors.round_robin();
    ovens.add_backend(oven_left);
    ovens.add_backend(oven_right);
    return (ok);
}

sub take_flour_orders {
    # The mill sends its price lists here, and nobody else may.
    if (req.url ~ "^/rest/[a-z_]+/V1/mill/") {
        if (client.ip !~ suppliers) {
            return (synth(403, "Mill only"));
        }
        set req.backend_hint = exports;
        return (pass);
    }
}

sub throw_away {
    if (req.method == "PURGE") {
        if (client.ip !~ bakers) {
            return (synth(405, "Bakers only"));
        }
        if (!req.http.X-Magento-Tags-Pattern && !req.http.X-Pool) {
            return (synth(400, "Tags wanted"));
        }
        if (req.http.X-Magento-Tags-Pattern) {
            ban("obj.http.X-Magento-Tags ~ " + req.http.X-Magento-Tags-Pattern);
        }
        if (req.http.X-Pool) {
            ban("obj.http.X-Pool ~ " + req.http.X-Pool);
        }
        return (synth(200, "Thrown away"));
    }
}

sub sweep_campaigns {
    if (req.url ~ "[?&](mc_|utm_|gad|fb|msclk)") {
        set req.url = regsuball(req.url, "([?&])(mc_[ce]id|utm_[a-z_]+|gad_source|gclsrc|fbclid|msclkid)=[^&#]*", "\1");
        set req.url = regsuball(req.url, "&&+", "&");
        set req.url = regsub(req.url, "\?&", "?");
        set req.url = regsub(req.url, "[&?]$", "");
    }
}

sub vcl_recv {
    set req.backend_hint = ovens.backend();
    unset req.http.X-Crumb;
    unset req.http.X-Forwarded-Host;

    call throw_away;

    if (req.method !~ "^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$") {
        return (synth(405, "No such method"));
    }

    call take_flour_orders;

    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }

    if (req.http.Authorization) {
        return (pass);
    }

    if (req.url ~ "^/health_check\.php$") {
        return (synth(404, "Not here"));
    }

    # Every cookie line counts, also where a phone sends two of them.
    std.collect(req.http.Cookie, "; ");

    if (req.url ~ "(?i)^/(index\.php/)?([a-z]{2}/)?(customer|checkout|sales|wishlist|rest|vault|paypal|newsletter|multishipping|bakerdesk)(/|\?|$)") {
        return (pass);
    }

    if (req.http.Cookie ~ "^PHPSESSID=" || req.http.Cookie ~ "(?i)private_content_version") {
        return (pass);
    }

    call sweep_campaigns;
    set req.url = std.querysort(req.url);

    # Pictures of cakes: the folder is enough, they are nobody's.
    if (req.url ~ "^/(pub/)?(media/catalog|static/version[0-9]+)/[A-Za-z0-9_./-]+$" && req.url !~ "\.\.|//") {
        unset req.http.Cookie;
        set req.http.X-Crumb = "file";
        return (hash);
    }

    # The shop's own digest of group, currency and shop for pick-up.
    if (req.http.Cookie ~ "(^|; )X-Magento-Vary=[0-9a-f]{40,64}(;|$)") {
        set req.http.X-Crumb = regsub(req.http.Cookie, "^(?:.*; )?X-Magento-Vary=([0-9a-f]{40,64})(?:;.*)?$", "\1");
        unset req.http.Cookie;
        return (pass);
    }

    if (req.http.Accept-Encoding ~ "gzip") {
        set req.http.Accept-Encoding = "gzip";
    } else {
        unset req.http.Accept-Encoding;
    }
    return (hash);
}

sub vcl_hash {
    hash_data(req.url);
    if (req.http.Host) {
        hash_data(req.http.Host);
    } else {
        hash_data(server.ip);
    }
    if (req.http.X-Forwarded-Proto == "https") {
        hash_data("tls");
    } else {
        hash_data("plain");
    }
    return (lookup);
}

sub vcl_backend_fetch {
    if (bereq.http.X-Crumb) {
        unset bereq.http.X-Crumb;
    }
}

sub vcl_backend_response {
    set beresp.grace = 36h;

    if (beresp.http.Content-Type ~ "(text|json|svg)") {
        set beresp.do_gzip = true;
    }

    if (beresp.status >= 500 && bereq.is_bgfetch) {
        return (abandon);
    }

    if (beresp.http.X-Magento-Debug) {
        set beresp.http.X-Magento-Cache-Control = beresp.http.Cache-Control;
    }

    # The shop says what is for one person only, and we hear it in any spelling.
    if (beresp.http.Cache-Control ~ "(?i)(private|no-store|no-cache)" || beresp.http.Set-Cookie) {
        set beresp.uncacheable = true;
        set beresp.ttl = 1d;
        return (deliver);
    }

    if (beresp.status != 200 && beresp.status != 404) {
        set beresp.uncacheable = true;
        set beresp.ttl = 30s;
        return (deliver);
    }

    if (beresp.status == 404) {
        set beresp.ttl = 90s;
    }
}

sub vcl_hit {
    if (obj.ttl >= 0s) {
        return (deliver);
    }
    # Old bread is better than no bread, and only if the ovens are cold is it three days old.
    if (std.healthy(req.backend_hint)) {
        if (obj.ttl + 5m > 0s) {
            return (deliver);
        }
        return (restart);
    }
    return (deliver);
}

sub vcl_deliver {
    if (client.ip ~ bakers) {
        set resp.http.X-Bread = "fresh";
        if (obj.hits > 0) {
            set resp.http.X-Bread = "from the shelf";
        }
    }
    if (resp.http.Cache-Control !~ "private" && req.http.X-Crumb != "file") {
        set resp.http.Pragma = "no-cache";
        set resp.http.Expires = "-1";
        set resp.http.Cache-Control = "no-store, no-cache, must-revalidate, max-age=0";
    }
    unset resp.http.X-Magento-Tags;
    unset resp.http.X-Magento-Debug;
    unset resp.http.X-Pool;
    unset resp.http.X-Powered-By;
    unset resp.http.Server;
    unset resp.http.Via;
    unset resp.http.Link;
}
