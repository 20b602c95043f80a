# personal: /administrator /component/users /my-profile; cookie: joomla_user_state; header: x-joomla-token; profile: php
# A site of a club: the origin says with a cookie who is logged in, sessions of strangers are cut off.
vcl 4.1;

import std;

backend default { .host = "192.0.2.160"; .port = "8080"; }

acl local { "127.0.0.1"; "192.0.2.160"; }

sub vcl_recv {
    # Forward client's IP to the backend
    if (req.restarts == 0) {
        if (req.http.X-Real-IP) {
            set req.http.X-Forwarded-For = req.http.X-Real-IP;
        } else {
            set req.http.X-Forwarded-For = client.ip;
        }
    }

    if (req.method == "PURGE") {
        if (client.ip !~ local) {
            return (synth(405, "Purging not allowed"));
        }
        return (purge);
    }

    # Do not cache when the client says so, or logs in
    if (req.method != "GET" && req.method != "HEAD" || req.http.Authorization || req.http.X-Joomla-Token) {
        return (pass);
    }

    # the back office, and pages of the members
    if (req.url ~ "^/(administrator|component/(banners|users)|my-profile)" || req.url ~ "option=com_(users|ajax)") {
        return (pass);
    }

    std.collect(req.http.Cookie, "; ");

    # the origin sets this for who is logged in
    if (req.http.Cookie ~ "joomla_user_state=logged_in" || req.http.Cookie ~ "(?i)user_state") {
        return (pass);
    }

    # strangers' sessions are of no use
    unset req.http.Cookie;

    # Properly handle different encoding types
    if (req.http.Accept-Encoding) {
        if (req.url ~ "\.(jpg|jpeg|png|gif|gz|tgz|bz2|tbz|mp3|ogg|swf|woff2?)$") {
            unset req.http.Accept-Encoding;
        } elseif (req.http.Accept-Encoding ~ "gzip") {
            set req.http.Accept-Encoding = "gzip";
        } elseif (req.http.Accept-Encoding ~ "deflate") {
            set req.http.Accept-Encoding = "deflate";
        } else {
            unset req.http.Accept-Encoding;
        }
    }

    # Remove the query of links in letters
    if (req.url ~ "(\?|&)(gclid|utm_[a-z]+|fbclid)=") {
        set req.url = regsuball(req.url, "(gclid|utm_[a-z]+|fbclid)=[^&]+&?", "");
        set req.url = regsub(req.url, "(\?|&)$", "");
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
    if (req.http.X-Forwarded-Proto) {
        hash_data(req.http.X-Forwarded-Proto);
    }
    return (lookup);
}

sub vcl_backend_response {
    # errors are not kept
    if (beresp.status == 404 || beresp.status >= 500) {
        set beresp.ttl = 0s;
        set beresp.grace = 15s;
        set beresp.uncacheable = true;
        return (deliver);
    }

    # a page for who is logged in
    if (beresp.http.X-Logged-In == "True" || beresp.http.Set-Cookie ~ "joomla_user_state=logged_in") {
        set beresp.uncacheable = true;
        set beresp.ttl = 0s;
        return (deliver);
    }

    if (beresp.http.Cache-Control ~ "(?i)private|no-store" || beresp.http.Set-Cookie
        || beresp.http.Vary ~ "(?i)cookie|\*") {
        set beresp.uncacheable = true;
        set beresp.ttl = 60s;
        return (deliver);
    }

    # pages of the club last
    if (bereq.url ~ "^/(media|images|templates|modules)/") {
        set beresp.ttl = 1d;
    } else {
        set beresp.ttl = 3m;
    }
    set beresp.grace = 1h;
    unset beresp.http.Pragma;
    return (deliver);
}

sub vcl_deliver {
    if (obj.hits > 0) {
        set resp.http.X-Cache = "HIT";
    } else {
        set resp.http.X-Cache = "MISS";
    }
    unset resp.http.Via;
    unset resp.http.X-Varnish;
}
