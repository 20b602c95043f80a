# personal: /customer /checkout /sales /wishlist /toydesk; cookie: frontend adminhtml external_no_cache; profile: php
# The same, where any block of a page is looked up, the basket too, with the cookie that says whose.
vcl 4.0;

import std;

backend workshop { .host = "192.0.2.231"; .port = "8080"; .first_byte_timeout = 240s; }
backend workshop_desk { .host = "192.0.2.232"; .port = "8080"; .first_byte_timeout = 1800s; }

acl carvers { "127.0.0.1"; "192.0.2.224"/28; }

sub shop_currency {
    # What the shop's address says, and nothing that a browser says.
    if (req.http.Host ~ "\.ch$") {
        set req.http.X-Coin = "CHF";
    } else if (req.http.Host ~ "\.uk$") {
        set req.http.X-Coin = "GBP";
    } else {
        set req.http.X-Coin = "EUR";
    }
}

sub vcl_recv {
    unset req.http.X-Coin;
    unset req.http.X-Block;

    if (req.method == "BAN") {
        if (!(client.ip ~ carvers)) {
            return (synth(403, "Carvers only"));
        }
        ban("obj.http.X-Shelf ~ " + req.http.X-Shelf);
        return (synth(200, "Shelf cleared"));
    }

    if (req.url ~ "^/(index\.php/)?toydesk") {
        if (client.ip !~ carvers) {
            return (synth(403, "Carvers only"));
        }
        set req.backend_hint = workshop_desk;
        return (pass);
    }
    set req.backend_hint = workshop;

    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    if (req.http.Authorization || req.url ~ "%|;|//|/\.") {
        return (pass);
    }

    call shop_currency;

    # Blocks of a page that show nothing of who looks.
    if (req.url ~ "^/blocks/") {
        if (req.esi_level < 1) {
            return (synth(404, "A block alone"));
        }
        set req.http.X-Block = "1";
        return (hash);
    }

    if (req.url ~ "(?i)^/(index\.php/)?(customer|checkout|sales|wishlist|blocks|onestepcheckout|downloadable|giftcard|oauth|soap|xmlrpc|api)") {
        return (pass);
    }

    if (req.url ~ "^/(skin|media|js)/[A-Za-z0-9/_.-]+\.(gif|jpe?g|png|ico|css|js|swf)$") {
        unset req.http.Cookie;
        return (hash);
    }

    std.collect(req.http.Cookie, "; ");
    if (req.http.Cookie ~ "(?i)(frontend|adminhtml|external_no_cache)") {
        return (pass);
    }
    unset req.http.Cookie;
    return (hash);
}

sub vcl_hash {
    hash_data(req.url);
    hash_data(req.http.Host);
    if (req.http.X-Coin) {
        hash_data(req.http.X-Coin);
    }
    return (lookup);
}

sub vcl_backend_response {
    if (beresp.http.Set-Cookie || beresp.http.X-Toy-Cache == "0" || beresp.http.Cache-Control ~ "(?i)private|no-(store|cache)") {
        set beresp.uncacheable = true;
        set beresp.ttl = 1h;
        return (deliver);
    }
    if (beresp.http.X-Toy-Esi == "1") {
        set beresp.do_esi = true;
    }
    if (beresp.http.X-Toy-Cache ~ "^[0-9]+$") {
        set beresp.ttl = std.duration(beresp.http.X-Toy-Cache + "s", 60s);
    }
    if (beresp.status == 500 || beresp.status == 502 || beresp.status == 503) {
        set beresp.uncacheable = true;
        set beresp.ttl = 3s;
        return (deliver);
    }
    set beresp.http.X-Shelf = beresp.http.X-Toy-Tags;
    set beresp.grace = 1h;
}

sub vcl_hit {
    if (obj.ttl < 0s && std.healthy(req.backend_hint) && obj.ttl + 30s < 0s) {
        # Too old while the workshop is open.
        return (pass);
    }
}

sub vcl_deliver {
    unset resp.http.X-Shelf;
    unset resp.http.X-Toy-Tags;
    unset resp.http.X-Toy-Esi;
    unset resp.http.X-Toy-Cache;
    if (req.http.X-Block) {
        unset resp.http.Set-Cookie;
    }
    set resp.http.X-Toybox = req.http.X-Coin + "/" + obj.hits;
}
