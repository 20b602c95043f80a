# personal: /account /checkout; cookie: sid; profile: go
# The same, where a rule for downloads looks up a path below the account.
vcl 4.1;

import std;

backend default {
    .host = "192.0.2.1";
    .port = "8080";
    .first_byte_timeout = 60s;
    .probe = { .url = "/health"; .interval = 5s; .timeout = 1s; }
}

acl purgers {
    "127.0.0.1";
    "192.0.2.0"/24;
}

sub vcl_recv {
    if (req.method == "PURGE") {
        if (client.ip !~ purgers) {
            return (synth(405, "not allowed"));
        }
        return (purge);
    }
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    if (req.url !~ "^/[A-Za-z0-9_/.-]*(\?.*)?$" || req.url ~ "\.\.|//|/\./") {
        return (pass);
    }
    call normalise_host;
    call strip_campaigns;
    call strip_cookies;
    if (req.url ~ "^/account/downloads/[a-z0-9-]+\.pdf$") {
        unset req.http.Cookie;
        return (hash);
    }
    if (req.http.Authorization || req.http.Cookie) {
        return (pass);
    }
    if (req.url ~ "^/(customer|checkout|cart|account|admin|rest|graphql)") {
        return (pass);
    }
    if (req.url ~ "^/(static|media)/[A-Za-z0-9_/-]+\.(css|js|png|jpg|svg|woff2)(\?.*)?$") {
        unset req.http.Cookie;
        return (hash);
    }
    if (req.url ~ "^/(catalog|brands|news)/[a-z0-9-]+(\?[a-z0-9=&-]*)?$") {
        unset req.http.Cookie;
        return (hash);
    }
    return (pass);
}

sub normalise_host {
    set req.http.Host = std.tolower(req.http.Host);
    if (req.http.Host ~ ":[0-9]+$") {
        set req.http.Host = regsub(req.http.Host, ":[0-9]+$", "");
    }
}

sub strip_campaigns {
    if (req.url ~ "[?&](utm_source|utm_medium|utm_campaign|gclid|fbclid|mc_[a-z]+)=") {
        set req.url = regsuball(req.url, "&(utm_source|utm_medium|utm_campaign|gclid|fbclid|mc_[a-z]+)=[^&]*", "");
        set req.url = regsuball(req.url, "\?(utm_source|utm_medium|utm_campaign|gclid|fbclid|mc_[a-z]+)=[^&]*", "?");
        set req.url = regsub(req.url, "\?&", "?");
        set req.url = regsub(req.url, "\?$", "");
    }
}

sub strip_cookies {
    if (req.http.Cookie) {
        set req.http.Cookie = regsuball(req.http.Cookie, "(^|; )_ga[a-z0-9_]*=[^;]*", "");
        set req.http.Cookie = regsuball(req.http.Cookie, "(^|; )_gid=[^;]*", "");
        set req.http.Cookie = regsuball(req.http.Cookie, "(^|; )_fbp=[^;]*", "");
        set req.http.Cookie = regsub(req.http.Cookie, "^; *", "");
        if (req.http.Cookie ~ "^ *$") {
            unset req.http.Cookie;
        }
    }
}

sub vcl_hash {
    hash_data(req.url);
    hash_data(req.http.Host);
    return (lookup);
}

sub vcl_backend_response {
    if (beresp.http.Set-Cookie || beresp.http.Vary ~ "(?i)cookie|authorization|\*"
        || beresp.http.Cache-Control ~ "(?i)private|no-store|no-cache"
        || beresp.http.Surrogate-Control ~ "(?i)no-store") {
        set beresp.uncacheable = true;
        set beresp.ttl = 120s;
        return (deliver);
    }
    if (beresp.status >= 500) {
        set beresp.uncacheable = true;
        return (deliver);
    }
    set beresp.grace = 1h;
}

sub vcl_deliver {
    if (obj.hits > 0) {
        set resp.http.X-Cache = "HIT";
    } else {
        set resp.http.X-Cache = "MISS";
    }
    unset resp.http.X-Powered-By;
    unset resp.http.Server;
}
