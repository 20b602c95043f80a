# personal: /customer /checkout /sales /admin; cookie: frontend adminhtml; profile: php
# A shop of the older kind: whoever has a session passes, forms' keys are theirs, media of the shop are for all.
vcl 4.0;

import std;

backend default { .host = "192.0.2.140"; .port = "80"; .first_byte_timeout = 300s; .between_bytes_timeout = 300s; }
backend admin { .host = "192.0.2.140"; .port = "80"; .first_byte_timeout = 21600s; .between_bytes_timeout = 21600s; }

acl debug_acl { "192.0.2.150"; }

sub vcl_recv {
    if (req.restarts == 0) {
        if (req.http.X-Forwarded-For) {
            set req.http.X-Forwarded-For = req.http.X-Forwarded-For + ", " + client.ip;
        } else {
            set req.http.X-Forwarded-For = client.ip;
        }
    }

    # We only deal with GET and HEAD by default
    if (req.method !~ "^(GET|HEAD)$") {
        return (pass);
    }

    # remove double slashes from the URL, for higher cache hit rate
    set req.url = regsuball(req.url, "([^:])//+", "\1/");

    # check if the request is for part of magento
    if (req.url ~ "^/(index\.php/)?(admin|adminhtml)(/|$|\?)") {
        set req.backend_hint = admin;
        return (pass);
    }

    # set the scope of what differs for strangers
    unset req.http.X-Store;
    unset req.http.X-Currency;
    std.collect(req.http.Cookie, "; ");

    if (req.http.Cookie ~ "(?i)frontend|adminhtml|persistent") {
        # a crawler of ours has no session that counts
        return (pass);
    }

    if (req.http.Authorization) {
        return (pass);
    }

    if (req.http.Cookie ~ "\bstore=") {
        set req.http.X-Store = regsub(req.http.Cookie, "^.*\bstore=([a-z_]*).*$", "\1");
    }
    if (req.http.Cookie ~ "\bcurrency=") {
        set req.http.X-Currency = regsub(req.http.Cookie, "^.*\bcurrency=([A-Z]*).*$", "\1");
    }
    unset req.http.Cookie;

    # not in the cache, and nothing of a person
    if (req.url ~ "^/(customer|checkout|sales|wishlist|paypal|onestepcheckout|api)(/|$|\?)"
        || req.url ~ "[?&](___SID|SID|nocache)=") {
        return (pass);
    }

    # no frontend cookie was sent: static files
    if (req.url ~ "^/(media|js|skin)/.*\.(css|js|jpe?g|gif|png|ico|swf)(\?.*)?$") {
        return (hash);
    }

    # GET parameters of advertisements
    if (req.url ~ "[?&](utm_source|utm_medium|utm_campaign|gclid|cx|ie|cof|siteurl)=") {
        set req.url = regsuball(req.url, "(?:(\?)?|&)(?:utm_source|utm_medium|utm_campaign|gclid|cx|ie|cof|siteurl)=[^&]+", "\1");
        set req.url = regsuball(req.url, "(?:(\?)&|\?$)", "\1");
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
    if (req.http.X-Store || req.http.X-Currency) {
        hash_data("s=" + req.http.X-Store + "&c=" + req.http.X-Currency);
    }
    if (req.http.Ssl-Offloaded) {
        hash_data(req.http.Ssl-Offloaded);
    }
    return (lookup);
}

sub vcl_backend_fetch {
    # the shop reads the store from a cookie
    if (bereq.http.X-Store && !bereq.http.Cookie) {
        set bereq.http.Cookie = "store=" + bereq.http.X-Store;
    }
}

sub vcl_backend_response {
    set beresp.grace = 60s;

    # filter out what is somebody's
    if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)private|no-store|no-cache" || beresp.http.Vary ~ "(?i)cookie|authorization|\*"
        || beresp.http.X-Turpentine-Cache == "0") {
        set beresp.ttl = 15m;
        set beresp.uncacheable = true;
        return (deliver);
    }

    if (beresp.status != 200 && beresp.status != 404) {
        set beresp.uncacheable = true;
        return (deliver);
    }

    if (beresp.http.Content-Encoding ~ "gzip" || beresp.http.Content-Type ~ "text") {
        set beresp.do_gzip = true;
    }

    if (bereq.url ~ "^/(media|js|skin)/") {
        unset beresp.http.Cache-Control;
        unset beresp.http.Expires;
        set beresp.ttl = 8h;
        set beresp.http.Cache-Control = "max-age=28800";
    } elsif (beresp.http.X-Turpentine-Esi == "1") {
        set beresp.do_esi = true;
        set beresp.ttl = 1h;
    } else {
        set beresp.ttl = 1h;
    }
    return (deliver);
}

sub vcl_deliver {
    if (client.ip ~ debug_acl) {
        set resp.http.X-Varnish-Hits = obj.hits;
    } else {
        unset resp.http.X-Varnish;
        unset resp.http.Via;
        unset resp.http.X-Powered-By;
        unset resp.http.Server;
        unset resp.http.X-Turpentine-Cache;
        unset resp.http.X-Turpentine-Esi;
    }
}
