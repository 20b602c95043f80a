# personal: /Members /dashboard /@@personal-information /account-panel; cookie: __ac auth_token; profile: strict
# A seed bank on Plone: catalogues for gardeners, a folder for each member, an English and a Danish tree.
vcl 4.1;

import std;
import directors;

probe zope_up {
    .url = "/ok";
    .interval = 7s;
    .timeout = 3s;
    .window = 5;
    .threshold = 3;
}

backend greenhouse_1 {
    .host = "192.0.2.121";
    .port = "8080";
    .probe = zope_up;
}

backend greenhouse_2 {
    .host = "192.0.2.122";
    .port = "8080";
    .probe = zope_up;
}

acl gardeners {
    "localhost";
    "192.0.2.120"/29;
}

sub vcl_init {
    new greenhouses = directors.hash();
    greenhouses.add_backend(greenhouse_1, 1.0);
    greenhouses.add_backend(greenhouse_2, 1.0);
}

sub weed_cookies {
    if (req.http.Cookie) {
        set req.http.Cookie = ";" + req.http.Cookie;
        set req.http.Cookie = regsuball(req.http.Cookie, "; +", ";");
        set req.http.Cookie = regsuball(req.http.Cookie, ";(__ac|auth_token|statusmessages|I18N_LANGUAGE)=", "; \1=");
        set req.http.Cookie = regsuball(req.http.Cookie, ";[^ ][^;]*", "");
        set req.http.Cookie = regsuball(req.http.Cookie, "^[; ]+|[; ]+$", "");
        if (req.http.Cookie == "") {
            unset req.http.Cookie;
        }
    }
}

sub virtual_host {
    if (req.http.Host == "seeds.example") {
        set req.url = "/VirtualHostBase/https/seeds.example:443/seedbank/VirtualHostRoot" + req.url;
    }
}

sub vcl_recv {
    set req.backend_hint = greenhouses.backend(req.url);
    unset req.http.X-Forwarded-Proto;

    if (req.method == "PURGE" || req.method == "BAN") {
        if (client.ip !~ gardeners) {
            return (synth(403, "Only gardeners"));
        }
        if (req.method == "BAN") {
            ban("req.http.host == " + req.http.host + " && req.url == " + req.url);
            return (synth(200, "Weeded"));
        }
        return (purge);
    }
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    if (req.http.Authorization) {
        return (pass);
    }

    std.collect(req.http.Cookie, "; ");
    call weed_cookies;

    if (req.http.Cookie ~ "(^|; )(__ac|auth_token)=") {
        return (pass);
    }
    if (req.url ~ "(?i)(^|/)(Members|dashboard|account-panel|login|logout|manage|@@|\+\+add)") {
        return (pass);
    }
    if (req.url ~ "%|//|\.\.|;|@@") {
        return (pass);
    }
    if (req.url ~ "^/(seeds|gardens|kataloget|viden)(/[a-z0-9-]+)*/?(\?b_start:int=[0-9]+)?$") {
        unset req.http.Cookie;
        call virtual_host;
        return (hash);
    }
    if (req.url ~ "^/\+\+(plone|theme)\+\+[a-z.]+/[A-Za-z0-9_/.-]+\.(css|js|svg|png)$") {
        unset req.http.Cookie;
        return (hash);
    }
    return (pass);
}

sub vcl_hash {
    hash_data(req.url);
    hash_data(req.http.Host);
    return (lookup);
}

sub vcl_backend_response {
    if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)private|no-store|no-cache") {
        set beresp.uncacheable = true;
        set beresp.ttl = 2m;
        return (deliver);
    }
    if (beresp.http.Vary ~ "(?i)cookie|\*|authorization") {
        set beresp.uncacheable = true;
        return (deliver);
    }
    if (beresp.status >= 500) {
        set beresp.uncacheable = true;
        return (deliver);
    }
    if (bereq.url ~ "/\+\+(plone|theme)\+\+") {
        set beresp.ttl = 7d;
    }
    set beresp.grace = 2h;
}

sub vcl_hit {
    if (obj.ttl >= 0s) {
        return (deliver);
    }
    if (!std.healthy(req.backend_hint) && obj.ttl + obj.grace > 0s) {
        set req.http.X-Old-Seed = "1";
    }
}

sub vcl_deliver {
    unset resp.http.X-Ids-Involved;
    unset resp.http.X-Cache-Rule;
    if (req.http.X-Old-Seed) {
        set resp.http.Warning = "110";
    }
}
