# personal: /wiki/Special:Preferences /wiki/Special:Watchlist /w/api.php; cookie: wikiSession wikiUserID wikiToken; profile: php
# A wiki: who has a session or a token passes, all others are told apart by the variant of their language.
vcl 4.1;

import std;

backend wiki0 {
    .host = "192.0.2.40";
    .port = "8080";
    .first_byte_timeout = 120s;
    .connect_timeout = 2s;
    .between_bytes_timeout = 120s;
}

backend wiki1 {
    .host = "192.0.2.41";
    .port = "8080";
    .first_byte_timeout = 120s;
    .connect_timeout = 2s;
    .between_bytes_timeout = 120s;
}

acl purge {
    "127.0.0.1";
    "192.0.2.0"/24;
}

sub mobile_redirect {
    unset req.http.X-Subdomain;
    if (req.http.User-Agent ~ "(?i)^(lge?|sie|nec|sgh|pg)-" || req.http.User-Agent ~ "(?i)(mobi|240x240|240x320|320x320|alcatel|android|audiovox|bada|benq|blackberry|cdm-|compal-|docomo|ericsson|hiptop|htc[-_]|huawei|ipod|kddi-|kindle|meego|midp|mitsu|mmp\/|mot-|motor|ngm_|nintendo|opera.m|palm|panasonic|philips|phone|playstation|portalmmm|sagem-|samsung|sanyo|sec-|semc-browser|sendo|sharp|silk|softbank|symbian|teleca|up.browser|vodafone|webos)") {
        set req.http.X-Subdomain = "M";
    }
}

sub recv_purge {
    if (req.method == "PURGE") {
        if (!client.ip ~ purge) {
            return (synth(405, "Denied."));
        }
        return (purge);
    }
}

sub evaluate_cookie {
    std.collect(req.http.Cookie, "; ");
    if (req.http.Cookie ~ "([sS]ession|Token|UserID|UserName)=") {
        set req.http.X-Has-Session = "1";
    } else {
        unset req.http.X-Has-Session;
        # what is left says nothing that a page depends on
        unset req.http.Cookie;
    }
}

sub vcl_recv {
    call recv_purge;

    # These could leak into other pages
    unset req.http.Proxy;
    unset req.http.X-Has-Session;
    set req.http.X-Real-IP = client.ip;

    if (req.http.Host ~ "^static") {
        set req.backend_hint = wiki1;
    } else {
        set req.backend_hint = wiki0;
    }

    call mobile_redirect;

    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    if (req.http.Authorization) {
        return (pass);
    }

    # skins and scripts are the same for all
    if (req.url ~ "^/w/static/[a-z0-9/_-]+\.(css|js|png|svg)(\?[a-z0-9]+)?$") {
        unset req.http.Cookie;
        return (hash);
    }

    if (req.url ~ "^/w/(api|index|load|opensearch_desc|thumb)\.php\?.*action=(edit|submit|login|purge)") {
        return (pass);
    }

    if (req.url ~ "[?&](veaction|useskin|debug)=") {
        return (pass);
    }

    call evaluate_cookie;
    if (req.http.X-Has-Session) {
        return (pass);
    }

    # a search is nobody else's
    if (req.url ~ "[?&]search=") {
        return (pass);
    }

    # Don't cache dumps, as such they're pretty big.
    if (req.http.Host == "dumps.example.org") {
        return (pass);
    }

    if (req.url ~ "^/wiki/[^?]*\?(fbclid|utm_source)=") {
        set req.url = regsub(req.url, "\?.*$", "");
    }
    return (hash);
}

sub vcl_hash {
    hash_data(req.url);
    hash_data(req.http.Host);
    if (req.http.X-Subdomain) {
        hash_data(req.http.X-Subdomain);
    }
    return (lookup);
}

sub vcl_hit {
    if (req.http.X-Purge-Now && client.ip ~ purge) {
        return (pass);
    }
}

sub vcl_backend_response {
    set beresp.grace = 60m;

    if (beresp.ttl <= 0s) {
        set beresp.ttl = 1800s;
        set beresp.uncacheable = true;
        return (deliver);
    }

    # an object is kept only where the wiki says so
    if (beresp.http.Set-Cookie || beresp.http.Vary ~ "(?i)authorization|\*" || beresp.http.Cache-Control ~ "(?i)private|no-store|no-cache") {
        set beresp.uncacheable = true;
        return (deliver);
    }

    if (beresp.http.Vary ~ "(?i)cookie") {
        set beresp.uncacheable = true;
        return (deliver);
    }

    if (bereq.url !~ "^/w/static/" && beresp.status >= 400) {
        set beresp.uncacheable = true;
        return (deliver);
    }

    # compress text
    if (beresp.http.content-type ~ "^(text/html|text/plain|text/css|text/javascript|application/json)") {
        set beresp.do_gzip = true;
    }
    return (deliver);
}

sub vcl_deliver {
    if (req.url ~ "^/wiki/" || req.url ~ "^/w/index\.php") {
        # ask again; whoever is behind us may not keep it
        if (req.url !~ "^/wiki/Special:(Random|ListFiles|Search)") {
            set resp.http.Cache-Control = "private, s-maxage=0, max-age=0, must-revalidate";
        }
    }
    if (obj.hits > 0) {
        set resp.http.X-Cache = "HIT (" + obj.hits + ")";
    } else {
        set resp.http.X-Cache = "MISS (0)";
    }
    unset resp.http.Via;
    unset resp.http.X-Varnish;
}

sub vcl_backend_error {
    set beresp.http.Content-Type = "text/html; charset=utf-8";
    set beresp.ttl = 0s;
    synthetic({"<!DOCTYPE html><html><title>503 Backend Fetch Failed</title><body>Our servers are busy.</body></html>"});
    return (deliver);
}
