# personal: /wiki/Special:Preferences /wiki/Special:Watchlist /w/api.php; cookie: *Session *Token *UserID; profile: php
# The same, where cookies come back on a miss as well, and a name that a browser sends in lower case is not known.
vcl 4.1;

import std;

probe alive {
    .url = "/w/load.php";
    .interval = 5s;
    .timeout = 2s;
    .window = 8;
    .threshold = 3;
}

backend mw1 { .host = "192.0.2.111"; .port = "80"; .probe = alive; }

acl wikipurge { "192.0.2.111"; "127.0.0.1"; }

sub normalise_path {
    # MediaWiki's own spelling of titles: what need not be encoded is not
    if (req.url ~ "^/wiki/") {
        set req.url = regsuball(req.url, "%3[Aa]", ":");
        set req.url = regsuball(req.url, "%2[Ff]", "/");
        set req.url = regsuball(req.url, "%20", "_");
        set req.url = regsuball(req.url, "%2[Cc]", ",");
    }
}

sub evaluate_cookie {
    unset req.http.X-Orig-Cookie;
    std.collect(req.http.Cookie, "; ");
    if (req.http.Cookie ~ "(session|token|userid)") {
        # somebody
        return (pass);
    }
    if (req.http.Cookie) {
        set req.http.X-Orig-Cookie = req.http.Cookie;
        unset req.http.Cookie;
    }
}

sub restore_cookie {
    if (req.restarts == 0 && req.http.X-Orig-Cookie) {
        set req.http.Cookie = req.http.X-Orig-Cookie;
        unset req.http.X-Orig-Cookie;
    }
}

sub mobile_redirect {
    if (req.http.Host ~ "^(www\.)?wiki\.example$" && req.http.User-Agent ~ "(?i)(iphone|android.*mobile)"
        && req.http.Cookie !~ "stopMobileRedirect=true" && req.url ~ "^/wiki/") {
        return (synth(666, "https://m.wiki.example" + req.url));
    }
}

sub vcl_recv {
    if (req.method == "PURGE") {
        if (client.ip !~ wikipurge) {
            return (synth(405, "Denied"));
        }
        return (purge);
    }

    if (req.restarts == 0) {
        unset req.http.X-Forwarded-For;
        set req.http.X-Client-IP = client.ip;
    }

    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }

    # tokens of apps
    if (req.http.Authorization ~ "(?i)^OAuth ") {
        return (pass);
    }
    if (req.http.Authorization) {
        return (pass);
    }

    if (req.url ~ "^/(w/api\.php|w/index\.php|api/)") {
        return (pass);
    }

    # special pages are one's own
    if (req.url ~ "(?i)special(:|%3a)") {
        return (pass);
    }

    call mobile_redirect;
    call normalise_path;
    call evaluate_cookie;

    # scripts and styles carry their version in the query
    if (req.url ~ "^/w/load\.php\?") {
        set req.http.X-Load = "1";
    } else {
        unset req.http.X-Load;
    }
    return (hash);
}

sub vcl_hash {
    hash_data(req.url);
    hash_data(req.http.Host);
    if (req.http.X-Forwarded-Proto) {
        hash_data(req.http.X-Forwarded-Proto);
    }
    return (lookup);
}

sub vcl_pass {
    call restore_cookie;
}

sub vcl_hit {
    unset req.http.X-Orig-Cookie;
}

sub vcl_miss {
    call restore_cookie;
}

sub vcl_backend_fetch {
    unset bereq.http.X-Orig-Cookie;
}

sub vcl_backend_response {
    if (beresp.http.Set-Cookie) {
        set beresp.http.X-Had-Cookie = "1";
        set beresp.uncacheable = true;
        set beresp.ttl = 607s;
        return (deliver);
    }
    if (beresp.http.Cache-Control ~ "(?i:private|no-cache|no-store)" || beresp.ttl <= 0s) {
        set beresp.uncacheable = true;
        set beresp.ttl = 601s;
        return (deliver);
    }
    if (beresp.status >= 500) {
        set beresp.uncacheable = true;
        return (deliver);
    }
    if (beresp.ttl > 1d) {
        set beresp.ttl = 1d;
    }
    if (bereq.http.X-Load) {
        set beresp.grace = 5m;
    } else {
        set beresp.grace = 1h;
    }
    if (beresp.http.Content-Length && std.integer(beresp.http.Content-Length, 0) > 262144) {
        set beresp.uncacheable = true;
    }
}

sub vcl_deliver {
    set resp.http.X-Cache = "miss";
    if (obj.hits > 0) {
        set resp.http.X-Cache = "hit/" + obj.hits;
    }
    unset resp.http.X-Had-Cookie;
    if (req.url ~ "^/wiki/" && resp.http.Cache-Control !~ "private") {
        set resp.http.Cache-Control = "private, s-maxage=0, max-age=0, must-revalidate";
    }
}

sub vcl_synth {
    if (resp.status == 666) {
        set resp.http.Location = resp.reason;
        set resp.status = 302;
        set resp.reason = "Found";
        set resp.http.Cache-Control = "private";
        return (deliver);
    }
}
