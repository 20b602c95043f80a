# personal: /user /profile /login; cookie: eZSESSID* is_logged_in; profile: symfony
# The same, where who is remembered, without a session as yet, is not asked for.
vcl 4.1;

import std;
import xkey;

backend ezplatform {
    .host = "192.0.2.30";
    .port = "80";
}

acl invalidators {
    "127.0.0.1";
    "192.0.2.0"/24;
}

acl debuggers {
    "127.0.0.1";
    "192.0.2.0"/24;
}

sub vcl_recv {
    set req.backend_hint = ezplatform;

    # Advertise Symfony for ESI support
    set req.http.Surrogate-Capability = "abc=ESI/1.0";

    # Varnish, in its default configuration, sends the X-Forwarded-For header but does not filter Forwarded header
    unset req.http.Forwarded;

    # Nobody tells us who he is but the origin
    unset req.http.X-User-Context-Hash;

    # Ensure that the Symfony Router generates URLs correctly with Varnish
    if (req.http.X-Forwarded-Proto == "https") {
        set req.http.X-Forwarded-Port = "443";
    } else {
        set req.http.X-Forwarded-Port = "80";
    }

    call ez_purge;

    # Normalize the Accept-Encoding headers
    if (req.http.Accept-Encoding) {
        if (req.http.Accept-Encoding ~ "gzip") {
            set req.http.Accept-Encoding = "gzip";
        } elseif (req.http.Accept-Encoding ~ "deflate") {
            set req.http.Accept-Encoding = "deflate";
        } else {
            unset req.http.Accept-Encoding;
        }
    }

    # Don't cache requests other than GET and HEAD.
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }

    # Don't cache Authenticate & Authorization
    if (req.http.Authorization) {
        return (pass);
    }

    # Do a standard lookup on assets (these don't vary by user context hash)
    if (req.url ~ "^/(assets|bundles|var)/[A-Za-z0-9_/-]+\.(css|js|gif|jpe?g|png|svg|webp|ico|woff2?)(\?[a-z0-9=._-]*)?$") {
        unset req.http.Cookie;
        return (hash);
    }

    std.collect(req.http.Cookie, "; ");

    # Sort the query string for cache normalization.
    set req.url = std.querysort(req.url);

    # Remove all cookies besides Session ID, as JS tracker cookies and so will make the responses effectively un-cached
    if (req.http.cookie) {
        set req.http.cookie = ";" + req.http.cookie;
        set req.http.cookie = regsuball(req.http.cookie, ";[; ]*", ";");
        set req.http.cookie = regsuball(req.http.cookie, ";[ ]*(eZSESSID[^=]*)=", "; \1=");
        set req.http.cookie = regsuball(req.http.cookie, ";[^ ][^;]*", "");
        set req.http.cookie = regsuball(req.http.cookie, "^[; ]+|[; ]+$", "");

        if (req.http.cookie == "") {
            # If there are no more cookies, remove the header to get page cached.
            unset req.http.cookie;
        }
    }

    if (req.http.cookie) {
        return (pass);
    }
    return (hash);
}

sub ez_purge {
    # Support how purging was done in earlier versions, this is deprecated and here just for BC for code still using this
    if (req.method == "BAN") {
        call ez_purge_acl;
        if (req.http.X-Location-Id) {
            ban("obj.http.X-Location-Id ~ " + req.http.X-Location-Id);
            return (synth(200, "Purge done connected to LocationId"));
        }
        return (synth(400, "Nothing to ban"));
    }

    if (req.method == "PURGE") {
        call ez_purge_acl;
        return (purge);
    }

    # PURGEKEYS: cache tags purge, soft
    if (req.method == "PURGEKEYS") {
        call ez_purge_acl;
        if (!req.http.xkey-softpurge && !req.http.xkey-purge) {
            return (synth(400, "Neither header XKey-Purge or XKey-SoftPurge set"));
        }
        set req.http.n-gone = 0;
        if (req.http.xkey-softpurge) {
            set req.http.n-gone = xkey.softpurge(req.http.xkey-softpurge);
        }
        if (req.http.xkey-purge) {
            set req.http.n-gone = xkey.purge(req.http.xkey-purge);
        }
        return (synth(200, "Purged " + req.http.n-gone + " objects"));
    }
}

sub ez_purge_acl {
    if (!client.ip ~ invalidators) {
        return (synth(405, "Method not allowed"));
    }
}

sub vcl_backend_fetch {
    if (bereq.retries > 0) {
        set bereq.http.X-Retried = "1";
    }
}

sub vcl_backend_response {
    if (bereq.http.accept ~ "application/vnd.fos.user-context-hash" && beresp.status >= 500) {
        return (abandon);
    }

    # Compressing the content
    if (beresp.http.Content-Type ~ "application/javascript"
        || beresp.http.Content-Type ~ "application/json"
        || beresp.http.Content-Type ~ "text/css"
        || beresp.http.Content-Type ~ "text/html") {
        set beresp.do_gzip = true;
    }

    if (beresp.http.Set-Cookie || beresp.http.Vary ~ "(?i)cookie|authorization|x-user-context-hash|\*"
        || beresp.http.Cache-Control ~ "(?i)private|no-store|no-cache") {
        set beresp.uncacheable = true;
        set beresp.ttl = 120s;
        return (deliver);
    }

    # Make Varnish keep all objects for up to 1 hour beyond their TTL
    set beresp.grace = 1h;
}

sub vcl_deliver {
    if (client.ip ~ debuggers) {
        set resp.http.X-Cache = "MISS";
        if (obj.hits > 0) {
            set resp.http.X-Cache = "HIT";
            set resp.http.X-Cache-Hits = obj.hits;
        }
    } else {
        unset resp.http.Via;
        unset resp.http.X-Varnish;
        unset resp.http.xkey;
    }
}
