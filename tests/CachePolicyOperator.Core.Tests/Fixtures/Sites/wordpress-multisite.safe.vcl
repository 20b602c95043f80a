# personal: /wp-admin /wp-login.php /members; cookie: wordpress_logged_in_* wp-postpass_* comment_author_*; profile: wordpress
# Many blogs under one roof: who is logged in, commented or gave a password passes; mobile themes differ in the key.
vcl 4.1;

import std;

backend default {
    .host = "192.0.2.80";
    .port = "80";
    .connect_timeout = 10s;
    .first_byte_timeout = 120s;
}

backend media {
    .host = "192.0.2.81";
    .port = "80";
}

acl purge {
    "localhost";
    "127.0.0.1";
    "192.0.2.80";
}

sub devices {
    unset req.http.X-Device;
    if (req.http.User-Agent ~ "(?i)ipad|tablet|kindle") {
        set req.http.X-Device = "tablet";
    } elsif (req.http.User-Agent ~ "(?i)mobile|iphone|android|blackberry|opera mini|iemobile") {
        set req.http.X-Device = "mobile";
    } else {
        set req.http.X-Device = "desktop";
    }
}

sub vcl_recv {
    unset req.http.X-Forwarded-Host;
    unset req.http.proxy;

    # Normalize the header, remove the port
    set req.http.Host = regsub(req.http.Host, ":[0-9]+", "");

    if (req.http.Host == "media.blogs.example") {
        set req.backend_hint = media;
        unset req.http.Cookie;
        unset req.http.Authorization;
    } else {
        set req.backend_hint = default;
    }

    # Allow purging from ACL
    if (req.method == "PURGE") {
        if (!client.ip ~ purge) {
            return (synth(405, "This IP is not allowed to send PURGE requests."));
        }
        if (req.http.X-Purge-Method == "regex") {
            ban("req.url ~ " + req.url + " && req.http.host == " + req.http.host);
            return (synth(200, "Banned"));
        }
        return (purge);
    }

    # Only cache GET or HEAD requests
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }

    # Did not cache HTTP authentication
    if (req.http.Authorization) {
        return (pass);
    }

    # Don't cache the RSS feed with a preview, ajax requests, or what is in progress
    if (req.http.X-Requested-With == "XMLHttpRequest" || req.url ~ "nocache" ||
        req.url ~ "(control.php|wp-comments-post.php|wp-login.php|bb-login.php|bb-reset-password.php|register.php)") {
        return (pass);
    }

    # Unset tracking cookies and those of tests
    std.collect(req.http.Cookie, "; ");
    set req.http.Cookie = regsuball(req.http.Cookie, "(^|;\s*)(_[_a-z]+|has_js)=[^;]*", "");
    set req.http.Cookie = regsuball(req.http.Cookie, "(^|;\s*)(wp-settings-[0-9]+|wp-settings-time-[0-9]+)=[^;]*", "");
    set req.http.Cookie = regsuball(req.http.Cookie, "(^|;\s*)wordpress_test_cookie=[^;]*", "");
    set req.http.Cookie = regsub(req.http.Cookie, "^;\s*", "");
    if (req.http.Cookie ~ "^\s*$") {
        unset req.http.Cookie;
    }

    if (req.url ~ "^/(wp-admin|members)(/|$|\?)" || req.url ~ "(\?|&)preview=") {
        return (pass);
    }

    # Who has anything left is not a stranger
    if (req.http.Cookie) {
        return (pass);
    }

    call devices;
    set req.url = regsuball(req.url, "(utm_[a-z]+|gclid|fbclid|replytocom)=[-_A-Za-z0-9.%+]*&?", "");
    set req.url = regsub(req.url, "[?&]+$", "");
    return (hash);
}

sub vcl_hash {
    hash_data(req.http.X-Device);
    if (req.http.X-Forwarded-Proto) {
        hash_data(req.http.X-Forwarded-Proto);
    }
}

sub vcl_backend_fetch {
    # the theme is chosen by a header
    if (bereq.http.X-Device) {
        set bereq.http.User-Agent = bereq.http.X-Device;
    }
}

sub vcl_backend_response {
    set beresp.http.X-Backend = beresp.backend.name;

    if (beresp.status == 301 || beresp.status == 302) {
        set beresp.http.Location = regsub(beresp.http.Location, ":[0-9]+", "");
    }

    # Don't cache 50x responses
    if (beresp.status >= 500 && beresp.status <= 504) {
        return (abandon);
    }

    if (beresp.ttl <= 0s || beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)private|no-cache|no-store") {
        set beresp.ttl = 120s;
        set beresp.uncacheable = true;
        return (deliver);
    }

    # Long-term caching for assets, short for pages
    if (bereq.url ~ "^/wp-(content|includes)/") {
        set beresp.ttl = 7d;
    } else {
        set beresp.ttl = 10m;
    }
    set beresp.grace = 1h;
}

sub vcl_deliver {
    if (obj.hits > 0) {
        set resp.http.X-Cache = "HIT";
    } else {
        set resp.http.X-Cache = "MISS";
    }
    set resp.http.Vary = regsub(resp.http.Vary, "X-Device", "User-Agent");
    unset resp.http.X-Powered-By;
    unset resp.http.Server;
    unset resp.http.X-Varnish;
    unset resp.http.Via;
    unset resp.http.Link;
    unset resp.http.X-Generator;
    unset resp.http.X-Backend;
}
