# personal: /typo3 /my /intranet; cookie: fe_typo_user be_typo_user; profile: php
# A site of an institute: who is logged in at the front or at the back passes; all others share.
vcl 4.1;

import std;

backend default {
    .host = "127.0.0.1";
    .port = "8081";
    .connect_timeout = 5s;
    .first_byte_timeout = 120s;
}

acl cachepurgers {
    "127.0.0.1";
    "192.0.2.0"/26;
}

sub vcl_recv {
    if (req.restarts == 0) {
        if (req.http.X-Forwarded-For) {
            set req.http.X-Forwarded-For = req.http.X-Forwarded-For + ", " + client.ip;
        } else {
            set req.http.X-Forwarded-For = client.ip;
        }
    }

    # Catch BAN command
    if (req.method == "BAN") {
        if (client.ip !~ cachepurgers) {
            return (synth(405, "Not allowed"));
        }
        if (req.http.Varnish-Ban-All == "1" && req.http.Varnish-Ban-TYPO3-Sitename) {
            ban("obj.http.TYPO3-Sitename == " + req.http.Varnish-Ban-TYPO3-Sitename);
            return (synth(200, "Banned all on site " + req.http.Varnish-Ban-TYPO3-Sitename));
        } else if (req.http.Varnish-Ban-TYPO3-Pid && req.http.Varnish-Ban-TYPO3-Sitename) {
            ban("obj.http.TYPO3-Pid == " + req.http.Varnish-Ban-TYPO3-Pid
                + " && obj.http.TYPO3-Sitename == " + req.http.Varnish-Ban-TYPO3-Sitename);
            return (synth(200, "Banned TYPO3 pid " + req.http.Varnish-Ban-TYPO3-Pid));
        }
        return (synth(400, "What shall be banned?"));
    }

    # Normalise what browsers say of encodings
    if (req.http.Accept-Encoding) {
        if (req.url ~ "\.(jpg|png|gif|gz|tgz|bz2|tbz|mp3|ogg)$") {
            unset req.http.Accept-Encoding;
        } elsif (req.http.Accept-Encoding ~ "gzip") {
            set req.http.Accept-Encoding = "gzip";
        } elsif (req.http.Accept-Encoding ~ "deflate" && req.http.User-Agent !~ "MSIE") {
            set req.http.Accept-Encoding = "deflate";
        } else {
            unset req.http.Accept-Encoding;
        }
    }

    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }

    # Pass requests of the backend
    if (req.url ~ "^/typo3(/|$|\?)" || req.url ~ "(\?|&)(no_cache|eID)=") {
        return (pass);
    }

    std.collect(req.http.Cookie, "; ");
    if (req.http.Cookie ~ "be_typo_user" || req.http.Cookie ~ "fe_typo_user" || req.http.Authorization) {
        return (pass);
    }

    # Two languages by their domains
    if (req.http.Host ~ "^en\.") {
        set req.http.X-Language = "en";
    } else {
        set req.http.X-Language = "de";
    }

    # The rest of the cookies is of no use to TYPO3
    unset req.http.Cookie;
    return (hash);
}

sub vcl_hash {
    hash_data(req.url);
    hash_data(req.http.Host);
    hash_data(req.http.X-Language);
    return (lookup);
}

sub vcl_backend_response {
    # Cache static content for a day
    if (bereq.method == "GET" && bereq.url ~ "^/(fileadmin|typo3temp|typo3conf|uploads)/.*\.(jpg|jpeg|png|gif|svg|css|js|woff2)$") {
        if (beresp.status == 200 && !beresp.http.Set-Cookie && beresp.http.Cache-Control !~ "(?i)private|no-store|no-cache"
            && beresp.http.Vary !~ "(?i)cookie|authorization|\*") {
            set beresp.ttl = 1d;
            set beresp.grace = 1h;
            return (deliver);
        }
    }

    if (beresp.http.X-TYPO3-Cacheable == "no" || beresp.http.Set-Cookie
        || beresp.http.Vary ~ "(?i)cookie|authorization|\*"
        || beresp.http.Cache-Control ~ "(?i)private|no-store|no-cache"
        || beresp.http.Pragma ~ "no-cache") {
        set beresp.uncacheable = true;
        set beresp.ttl = 2m;
        return (deliver);
    }

    if (beresp.status >= 400) {
        set beresp.uncacheable = true;
        return (deliver);
    }
    set beresp.grace = 10m;
}

sub vcl_deliver {
    unset resp.http.TYPO3-Pid;
    unset resp.http.TYPO3-Sitename;
    unset resp.http.X-Powered-By;
    set resp.http.X-Cache = "MISS";
    if (obj.hits > 0) {
        set resp.http.X-Cache = "HIT";
    }
    # browsers ask again
    if (resp.http.Content-Type ~ "^text/html") {
        set resp.http.Cache-Control = "max-age=0, must-revalidate";
    }
}

sub vcl_backend_error {
    if (bereq.retries < 2) {
        return (retry);
    }
}
