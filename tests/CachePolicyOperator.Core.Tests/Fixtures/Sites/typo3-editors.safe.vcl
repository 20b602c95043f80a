# personal: /typo3 /intern /mein-konto; cookie: fe_typo_user be_typo_user; profile: php
# A site of a town: editors and who is logged in pass, all others lose their cookies, pages are banned by tag.
vcl 4.0;

import std;

backend default {
    .host = "192.0.2.90";
    .port = "8080";
}

acl cms {
    "localhost";
    "192.0.2.90";
}

sub vcl_recv {
    # Catch BAN command
    if (req.method == "BAN" && client.ip ~ cms) {
        if (req.http.Varnish-Ban-All == "1" && req.http.Varnish-Ban-TYPO3-Sitename) {
            ban("obj.http.TYPO3-Sitename == " + req.http.Varnish-Ban-TYPO3-Sitename);
            return (synth(200, "Banned all on site " + req.http.Varnish-Ban-TYPO3-Sitename));
        } else if (req.http.Varnish-Ban-All == "1") {
            ban("req.url ~ /");
            return (synth(200, "Banned all"));
        }
        if (req.http.Varnish-Ban-TYPO3-Pid) {
            ban("obj.http.TYPO3-Pid == " + req.http.Varnish-Ban-TYPO3-Pid);
            return (synth(200, "Banned TYPO3 pid " + req.http.Varnish-Ban-TYPO3-Pid));
        }
        return (synth(400, "nothing to ban"));
    }
    if (req.method == "BAN") {
        return (synth(405, "Not allowed."));
    }

    # Set X-Forwarded-For Header
    if (req.restarts == 0) {
        if (req.http.x-forwarded-for) {
            set req.http.X-Forwarded-For = req.http.X-Forwarded-For + ", " + client.ip;
        } else {
            set req.http.X-Forwarded-For = client.ip;
        }
    }

    # Pipe unknown Methods
    if (req.method != "GET" &&
        req.method != "HEAD" &&
        req.method != "PUT" &&
        req.method != "POST" &&
        req.method != "TRACE" &&
        req.method != "OPTIONS" &&
        req.method != "DELETE") {
        return (pipe);
    }

    # Cache only GET or HEAD Requests
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }

    # do not cache TYPO3 BE User requests
    std.collect(req.http.Cookie, "; ");
    if (req.http.Cookie ~ "be_typo_user" || req.url ~ "^/typo3/") {
        return (pass);
    }

    # do not cache Authorized content
    if (req.http.Authorization) {
        return (pass);
    }

    # Pass all no_cache=1 sites and eID scripts
    if (req.url ~ "(\?|&)no_cache=1" || req.url ~ "(\?|&)eID=") {
        return (pass);
    }

    # who is logged in at the front
    if (req.http.Cookie ~ "fe_typo_user") {
        return (pass);
    }

    # TYPO3-ext: static file cache, and what else is of no person
    if (req.url ~ "^[^?]*\.(css|jpg|jpeg|gif|ico|png|tiff|tif|js|pdf|svg|woff2?)(\?|$)") {
        unset req.http.Cookie;
        return (hash);
    }

    # Remove Google gclid parameters
    set req.url = regsuball(req.url, "\?gclid=[^&]+$", "");
    set req.url = regsuball(req.url, "\?gclid=[^&]+&", "?");
    set req.url = regsuball(req.url, "&gclid=[^&]+", "");

    # and of links in letters
    set req.url = regsuball(req.url, "\?(pk_cid|mtm_[a-z]+)=[^&]+$", "");
    set req.url = regsuball(req.url, "\?(pk_cid|mtm_[a-z]+)=[^&]+&", "?");
    set req.url = regsuball(req.url, "&(pk_cid|mtm_[a-z]+)=[^&]+", "");

    # Delete cookies
    unset req.http.Cookie;
    return (hash);
}

sub vcl_hash {
    if (req.http.X-Forwarded-Proto == "https") {
        hash_data("https");
    } else {
        hash_data("http");
    }
}

sub vcl_backend_fetch {
    # the origin builds its links by this
    if (bereq.http.X-Forwarded-Proto != "https") {
        set bereq.http.X-Forwarded-Proto = "http";
    }
}

sub vcl_backend_response {
    # Cache static Pages
    if (beresp.http.TYPO3-Pid && beresp.http.Pragma == "public") {
        unset beresp.http.Pragma;
    }

    # Respect what the origin says of the page
    if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)(private|no-cache|no-store)" || beresp.http.Pragma ~ "no-cache") {
        set beresp.uncacheable = true;
        set beresp.ttl = 60s;
        return (deliver);
    }

    # Force caching of files that the site gave a name with a number
    if (bereq.url ~ "^/typo3temp/assets/compressed/[a-z0-9_-]+-[0-9a-f]{32}\.(css|js)(\.gzip)?(\?[0-9]+)?$") {
        set beresp.ttl = 4w;
    }

    # a page that is gone
    if (beresp.status == 404 || beresp.status == 410) {
        set beresp.ttl = 20s;
    }
    set beresp.grace = 12h;
}

sub vcl_deliver {
    # Expires Header set by TYPO3 are used to define Varnish caching only, therefore do not send them to the Client
    if (resp.http.TYPO3-Pid && resp.http.Pragma == "public") {
        unset resp.http.expires;
        unset resp.http.pragma;
    }

    # smart ban related
    unset resp.http.TYPO3-Pid;
    unset resp.http.TYPO3-Sitename;

    if (obj.hits > 0) {
        set resp.http.X-Cache = "HIT";
    } else {
        set resp.http.X-Cache = "MISS";
    }
}
