# personal: /wp-admin /wp-login.php /cart /checkout /my-account /wp-json/wc; cookie: wordpress_logged_in_* wp_woocommerce_session_* woocommerce_cart_hash; profile: wordpress
# The same, where only who is logged in passes, and baskets of others come from the cache.
vcl 4.0;

import std;

backend dairy {
    .host = "192.0.2.111";
    .port = "8089";
    .connect_timeout = 0.7s;
    .first_byte_timeout = 30s;
    .between_bytes_timeout = 30s;
    .probe = {
        .request = "HEAD /wp-content/up.txt HTTP/1.1" "Host: kaese.example" "Connection: close";
        .interval = 12s;
        .timeout = 3s;
        .window = 10;
        .threshold = 7;
    }
}

acl milkmaids {
    "localhost";
    "192.0.2.111";
    "192.0.2.112";
}

sub skim {
    # The plug-in tells us in three ways what is sour.
    if (req.method == "PURGE") {
        if (!client.ip ~ milkmaids) {
            return (synth(405, "No"));
        }
        if (req.http.X-Purge-Method == "regex") {
            ban("req.url ~ " + req.url + " && req.http.host ~ " + req.http.host);
            return (synth(200, "Skimmed by pattern"));
        }
        if (req.http.X-Purge-Method == "everything") {
            ban("req.http.host == " + req.http.host);
            return (synth(200, "Skimmed altogether"));
        }
        return (purge);
    }
}

sub wash_cookies {
    # One after the other, what counts visitors and what other shops left here.
    set req.http.Cookie = regsuball(req.http.Cookie, "(^|; ) *_g(a|id|at)[A-Za-z0-9_-]*=[^;]*", "");
    set req.http.Cookie = regsuball(req.http.Cookie, "(^|; ) *_pk_(id|ses|ref)[.0-9a-f]*=[^;]*", "");
    set req.http.Cookie = regsuball(req.http.Cookie, "(^|; ) *__utm[a-z]=[^;]*", "");
    set req.http.Cookie = regsuball(req.http.Cookie, "(^|; ) *sbjs_[a-z_]+=[^;]*", "");
    set req.http.Cookie = regsuball(req.http.Cookie, "(^|; ) *(tk_ai|borlabs-cookie|_fbp|_gcl_au)=[^;]*", "");
    set req.http.Cookie = regsuball(req.http.Cookie, "(^|; ) *wp-settings(-time)?-[0-9]+=[^;]*", "");
    set req.http.Cookie = regsub(req.http.Cookie, "^; *", "");
    if (req.http.Cookie ~ "^ *$") {
        unset req.http.Cookie;
    }
}

sub vcl_recv {
    call skim;

    if (req.http.Upgrade) {
        return (pipe);
    }
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    if (req.http.Authorization || req.http.X-WC-Store-API-Nonce || req.http.Cart-Token) {
        return (pass);
    }

    # The counter of the shop, in German and in French.
    if (req.url ~ "(?i)^(/fr)?/(wp-admin|wp-login|wp-cron|wp-json/wc|cart|warenkorb|panier|checkout|kasse|my-account|mein-konto|mon-compte|tasting-club)"
        || req.url ~ "(?i)[?&](add-to-cart|remove_item|wc-ajax|wc-api|preview|order|key|p|page_id)=") {
        return (pass);
    }
    if (req.url ~ "%|//|/\.|;") {
        return (pass);
    }

    std.collect(req.http.Cookie, "; ");
    call wash_cookies;

    # Whatever is left is somebody's.
    if (req.http.Cookie ~ "wordpress_logged_in_") {
        return (pass);
    }

    set req.url = regsub(req.url, "[?&](gclid|wbraid|srsltid|mc_eid)=.*$", "");
    return (hash);
}

sub vcl_hash {
    hash_data(req.http.host);
    hash_data(req.url);
    if (req.http.X-Forwarded-Proto ~ "(?i)https") {
        hash_data("s");
    }
    return (lookup);
}

sub vcl_backend_response {
    if (bereq.url ~ "(?i)\.(jpe?g|webp|avif|svgz?|woff2?|css|js)(\?ver=[0-9.]+)?$" && beresp.status == 200 && !beresp.http.Set-Cookie && beresp.http.Cache-Control !~ "(?i)private|no-store") {
        set beresp.ttl = 14d;
        set beresp.http.Cache-Control = "public, max-age=1209600";
        return (deliver);
    }
    if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)no-cache|no-store|private") {
        set beresp.uncacheable = true;
        set beresp.ttl = 2m;
        return (deliver);
    }
    set beresp.grace = 6h;
}

sub vcl_deliver {
    if (obj.hits > 0) {
        set resp.http.X-Rind = "aged";
    } else {
        set resp.http.X-Rind = "fresh";
    }
    unset resp.http.X-Powered-By;
    unset resp.http.X-Pingback;
}
