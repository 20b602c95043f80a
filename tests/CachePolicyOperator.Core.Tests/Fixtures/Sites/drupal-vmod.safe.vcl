# personal: /user /admin /group; cookie: SESS* SSESS*; header: x-api-key; profile: symfony
# A site of a university: a vmod keeps the cookies of the session, tags are purged, languages and hosts are in the key.
vcl 4.1;

import std;
import cookie;

backend default {
    .host = "192.0.2.70";
    .port = "8080";
    .first_byte_timeout = 300s;
}

acl trusted {
    "localhost";
    "192.0.2.70";
}

sub normalise_language {
    if (req.http.Accept-Language) {
        if (req.http.Accept-Language ~ "^de") {
            set req.http.Accept-Language = "de";
        } elsif (req.http.Accept-Language ~ "^fr") {
            set req.http.Accept-Language = "fr";
        } elsif (req.http.Accept-Language ~ "^it") {
            set req.http.Accept-Language = "it";
        } else {
            set req.http.Accept-Language = "en";
        }
    } else {
        set req.http.Accept-Language = "en";
    }
}

sub strip_tracking {
    set req.url = regsuball(req.url, "&(utm_source|utm_medium|utm_campaign|utm_content|gclid|cx|ie|cof|siteurl)=([A-z0-9_\-\.%25]+)", "");
    set req.url = regsuball(req.url, "\?(utm_source|utm_medium|utm_campaign|utm_content|gclid|cx|ie|cof|siteurl)=([A-z0-9_\-\.%25]+)", "?");
    set req.url = regsub(req.url, "\?&", "?");
    set req.url = regsub(req.url, "\?$", "");
    # Strip hash, server doesn't need it.
    if (req.url ~ "\#") {
        set req.url = regsub(req.url, "\#.*$", "");
    }
}

sub vcl_recv {
    set req.http.Host = regsub(req.http.Host, ":[0-9]+", "");

    if (req.method == "PURGE") {
        if (!client.ip ~ trusted) {
            return (synth(405, "Not allowed."));
        }
        return (purge);
    }

    if (req.method == "BAN") {
        if (!client.ip ~ trusted) {
            return (synth(403, "Not allowed."));
        }
        if (req.http.Cache-Tags) {
            ban("obj.http.Cache-Tags ~ " + req.http.Cache-Tags);
            return (synth(200, "Ban added."));
        }
        return (synth(400, "Cache-Tags header missing."));
    }

    # websockets of the chat
    if (req.http.Upgrade ~ "(?i)websocket") {
        return (pipe);
    }

    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }

    if (req.http.Authorization || req.http.X-Api-Key) {
        return (pass);
    }

    if (req.url ~ "^/(admin|user|node/add|batch|system/files|group)(/|\?|$)" || req.url ~ "/edit$") {
        return (pass);
    }

    call strip_tracking;
    call normalise_language;

    # Pages of big files are streamed, and not kept
    if (req.url ~ "^[^?]*\.(mp[34]|rar|tar|tgz|wav|zip|bz2|xz|7z|avi|mov|ogm|mpe?g|mk[av])(\?.*)?$") {
        return (pass);
    }

    std.collect(req.http.Cookie, "; ");
    if (req.http.Cookie ~ "SESS") {
        return (pass);
    }
    if (req.http.Cookie) {
        cookie.parse(req.http.Cookie);
        cookie.keep_re("^S?SESS");
        set req.http.Cookie = cookie.get_string();
        if (req.http.Cookie != "") {
            return (pass);
        }
        unset req.http.Cookie;
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
    hash_data(req.http.Accept-Language);
    hash_data(req.http.X-Forwarded-Proto);
    return (lookup);
}

sub vcl_backend_response {
    if (bereq.uncacheable) {
        return (deliver);
    }

    if (beresp.http.Surrogate-Control ~ "BigPipe/1.0") {
        set beresp.do_stream = true;
        set beresp.ttl = 0s;
        set beresp.uncacheable = true;
        return (deliver);
    }

    # the answer is somebody's
    if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)private|no-store|no-cache" || beresp.ttl <= 0s) {
        set beresp.uncacheable = true;
        set beresp.ttl = 120s;
        return (deliver);
    }

    if (beresp.status == 500 || beresp.status == 502 || beresp.status == 503 || beresp.status == 504) {
        return (abandon);
    }
    set beresp.grace = 6h;
    set beresp.http.X-Url = bereq.url;
}

sub vcl_deliver {
    unset resp.http.X-Url;
    unset resp.http.Cache-Tags;
    unset resp.http.X-Generator;
    unset resp.http.X-Drupal-Cache;
    unset resp.http.X-Drupal-Dynamic-Cache;
    set resp.http.X-Cache-Hits = obj.hits;
    if (obj.hits > 0) {
        set resp.http.X-Cache = "HIT";
    } else {
        set resp.http.X-Cache = "MISS";
    }
}
