# personal: /user /admin /account; cookie: eZSESSID*; header: x-user-hash; profile: symfony
# The same, where the session goes along when the page is asked for under the hash of the rights.
vcl 4.1;

import std;

backend ibexa {
    .host = "192.0.2.100";
    .port = "80";
}

acl invalidators {
    "127.0.0.1";
    "192.0.2.0"/24;
}

acl debuggers {
    "127.0.0.1";
}

sub vcl_recv {
    set req.backend_hint = ibexa;

    # Nobody else says what the hash is
    if (req.restarts == 0) {
        unset req.http.x-user-context-hash;
        unset req.http.x-user-hash;
        unset req.http.x-session;
        if (req.http.x-forwarded-proto == "https") {
            set req.http.X-Forwarded-Port = "443";
        } else {
            set req.http.X-Forwarded-Port = "80";
        }
    }

    # Advertise Symfony for ESI support
    set req.http.Surrogate-Capability = "abc=ESI/1.0";

    if (req.method == "PURGE" || req.method == "PURGEKEYS") {
        if (!client.ip ~ invalidators) {
            return (synth(405, "Method not allowed"));
        }
        if (req.http.key) {
            ban("obj.http.xkey ~ (^| )" + req.http.key + "( |$)");
            return (synth(200, "Purged"));
        }
        return (purge);
    }

    # Don't cache requests other than GET and HEAD.
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }

    # Don't cache Authenticate & Authorization
    if (req.http.Authenticate || req.http.Authorization) {
        return (pass);
    }

    # pages that are one person's alone
    if (req.url ~ "^/(user|admin|account|_ibexa|api)(/|$|\?)") {
        return (pass);
    }

    # Normalize the Accept-Encoding headers
    if (req.http.Accept-Encoding) {
        if (req.http.Accept-Encoding ~ "gzip") {
            set req.http.Accept-Encoding = "gzip";
        } else {
            unset req.http.Accept-Encoding;
        }
    }

    # Do a standard lookup on assets
    if (req.url ~ "^/(assets|bundles|css|js|var/[a-z]+/storage/images)/[A-Za-z0-9_/-]+\.(css|js|gif|jpe?g|png|svg|woff2?)(\?[a-z0-9]+)?$") {
        unset req.http.Cookie;
        return (hash);
    }

    # Sort the query string for cache normalization.
    set req.url = std.querysort(req.url);

    call user_context_hash;
    return (hash);
}

sub user_context_hash {
    if (req.restarts == 0) {
        std.collect(req.http.Cookie, "; ");
        if (req.http.Cookie !~ "eZSESSID|IBX_SESSION_ID|is_logged_in") {
            # a stranger
            set req.http.x-user-hash = "anonymous";
            unset req.http.Cookie;
            return (hash);
        }
        set req.http.x-fos-original-url = req.url;
        set req.http.x-fos-original-accept = req.http.accept;
        set req.http.accept = "application/vnd.fos.user-context-hash";
        set req.url = "/_fos_user_context_hash";
        # each session has its own hash
        return (pass);
    }
    if (req.restarts > 0 && req.http.accept == "application/vnd.fos.user-context-hash") {
        set req.url = req.http.x-fos-original-url;
        set req.http.accept = req.http.x-fos-original-accept;
        unset req.http.x-fos-original-url;
        unset req.http.x-fos-original-accept;
        if (!req.http.x-user-hash) {
            return (pass);
        }
    }
}

sub vcl_hash {
    hash_data(req.url);
    if (req.http.host) {
        hash_data(req.http.host);
    } else {
        hash_data(server.ip);
    }
    hash_data(req.http.x-user-hash);
    hash_data(req.http.X-Forwarded-Port);
    return (lookup);
}

sub vcl_backend_response {
    if (bereq.http.accept ~ "application/vnd.fos.user-context-hash") {
        set beresp.uncacheable = true;
        return (deliver);
    }

    if (beresp.http.Surrogate-Control ~ "ESI/1.0") {
        unset beresp.http.Surrogate-Control;
        set beresp.do_esi = true;
    }

    if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)private|no-cache|no-store" || beresp.http.Vary ~ "(?i)cookie|authorization") {
        set beresp.uncacheable = true;
        set beresp.ttl = 2m;
        return (deliver);
    }

    # Compressing the content
    if (beresp.http.Content-Type ~ "application/javascript|application/json|text/css|text/html|text/plain|text/xml") {
        set beresp.do_gzip = true;
    }
    set beresp.grace = 1h;
}

sub vcl_deliver {
    # On receiving the hash response, copy the hash header to the original request and restart.
    if (req.restarts == 0 && resp.http.content-type ~ "application/vnd.fos.user-context-hash" && resp.status == 200) {
        set req.http.x-user-hash = resp.http.x-user-context-hash;
        return (restart);
    }

    # Remove the vary on user context hash, this is nothing public. Keep all other vary headers.
    if (resp.http.Vary ~ "x-user-hash") {
        set resp.http.Vary = regsub(resp.http.Vary, "(?i),? *x-user-hash *", "");
        set resp.http.Vary = regsub(resp.http.Vary, "^, *", "");
        if (resp.http.Vary == "") {
            unset resp.http.Vary;
        }
        unset resp.http.cache-control;
        set resp.http.cache-control = "no-cache, private";
    }

    if (client.ip ~ debuggers) {
        if (obj.hits > 0) {
            set resp.http.X-Cache = "HIT";
        } else {
            set resp.http.X-Cache = "MISS";
        }
    } else {
        unset resp.http.xkey;
        unset resp.http.X-Varnish;
        unset resp.http.Via;
        unset resp.http.X-Powered-By;
    }
}
