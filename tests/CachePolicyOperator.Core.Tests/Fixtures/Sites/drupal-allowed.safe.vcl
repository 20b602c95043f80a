# personal: /user /admin /cart /checkout; cookie: SESS* SSESS*; profile: drupal7
# A site of articles with a shop: only cookies that are allowed are left, files and pages of strangers are looked up.
vcl 4.0;

import std;

backend default {
    .host = "192.0.2.60";
    .port = "80";
    .max_connections = 250;
    .connect_timeout = 300s;
    .first_byte_timeout = 300s;
    .between_bytes_timeout = 300s;
}

acl internal {
    "192.0.2.0"/26;
    "::1";
}

sub vcl_recv {
    # Pipe these paths directly to web server for streaming.
    if (req.url ~ "^/admin/content/backup_migrate/export") {
        return (pipe);
    }

    if (req.restarts == 0) {
        if (req.http.X-Forwarded-For) {
            set req.http.X-Forwarded-For = req.http.X-Forwarded-For + ", " + client.ip;
        } else {
            set req.http.X-Forwarded-For = client.ip;
        }
    }

    if (req.method == "PURGE") {
        if (!client.ip ~ internal) {
            return (synth(405, "Not allowed."));
        }
        return (purge);
    }

    if (req.method == "BAN") {
        if (!client.ip ~ internal) {
            return (synth(403, "Not allowed."));
        }
        if (req.http.Purge-Cache-Tags) {
            ban("obj.http.Purge-Cache-Tags ~ " + req.http.Purge-Cache-Tags);
        } else {
            ban("obj.http.X-Url == " + req.url);
        }
        return (synth(200, "Ban added"));
    }

    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }

    # Do not cache these paths.
    if (req.url ~ "^/status\.php$" ||
        req.url ~ "^/update\.php" ||
        req.url ~ "^/install\.php" ||
        req.url ~ "^/apc\.php$" ||
        req.url ~ "^/admin" ||
        req.url ~ "^/admin/.*$" ||
        req.url ~ "^/user" ||
        req.url ~ "^/user/.*$" ||
        req.url ~ "^/users/.*$" ||
        req.url ~ "^/info/.*$" ||
        req.url ~ "^/flag/.*$" ||
        req.url ~ "^.*/ajax/.*$" ||
        req.url ~ "^.*/ahah/.*$" ||
        req.url ~ "^/(cart|checkout)" ||
        req.url ~ "[?&]q=" ||
        req.url ~ "^/system/files/.*$") {
        return (pass);
    }

    # Do not allow outside access to cron.php or install.php.
    if (req.url ~ "^/(cron|install)\.php$" && !client.ip ~ internal) {
        return (synth(404, "Page not found."));
    }

    if (req.http.Authorization) {
        return (pass);
    }

    # Handle compression correctly.
    if (req.http.Accept-Encoding) {
        if (req.url ~ "\.(jpg|png|gif|gz|tgz|bz2|tbz|mp3|ogg)$") {
            unset req.http.Accept-Encoding;
        } elsif (req.http.Accept-Encoding ~ "gzip") {
            set req.http.Accept-Encoding = "gzip";
        } else {
            unset req.http.Accept-Encoding;
        }
    }

    # Remove all cookies that the site doesn't need to know about. 1. Append a semi-colon to the front of the
    # cookie string. 2. Remove all spaces that appear after semi-colons. 3. Match the cookies we want to keep,
    # adding the space we removed previously back. 4. Remove all other cookies.
    if (req.http.Cookie) {
        std.collect(req.http.Cookie, ";");
        set req.http.Cookie = ";" + req.http.Cookie;
        set req.http.Cookie = regsuball(req.http.Cookie, "; +", ";");
        set req.http.Cookie = regsuball(req.http.Cookie, ";(SESS[^=;]*|SSESS[^=;]*|NO_CACHE)=", "; \1=");
        set req.http.Cookie = regsuball(req.http.Cookie, ";[^ ][^;]*", "");
        set req.http.Cookie = regsuball(req.http.Cookie, "^[; ]+|[; ]+$", "");

        if (req.http.Cookie == "") {
            # no cookie of ours is left
            unset req.http.Cookie;
        } else {
            return (pass);
        }
    }
    return (hash);
}

sub vcl_hash {
    hash_data(req.url);
    if (req.http.host) {
        hash_data(req.http.host);
    } else {
        hash_data(server.ip);
    }
    if (req.http.X-Forwarded-Proto) {
        hash_data(req.http.X-Forwarded-Proto);
    }
    return (lookup);
}

sub vcl_backend_response {
    set beresp.http.X-Url = bereq.url;
    set beresp.http.X-Host = bereq.http.host;

    if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)(private|no-cache|no-store)") {
        set beresp.uncacheable = true;
        set beresp.ttl = 120s;
        return (deliver);
    }

    # Items in the 5XX range are retried once.
    if (beresp.status >= 500 && bereq.retries == 0 && bereq.method == "GET") {
        return (retry);
    }

    # Don't allow static files to set cookies.
    if (bereq.url ~ "(?i)\.(png|gif|jpeg|jpg|ico|swf|css|js|html|htm)(\?[a-z0-9]+)?$") {
        set beresp.ttl = 1d;
    }
    set beresp.grace = 6h;
}

sub vcl_deliver {
    unset resp.http.X-Url;
    unset resp.http.X-Host;
    unset resp.http.Purge-Cache-Tags;
    if (obj.hits > 0) {
        set resp.http.X-Varnish-Cache = "HIT";
    } else {
        set resp.http.X-Varnish-Cache = "MISS";
    }
}
