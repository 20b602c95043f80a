# personal: /user /admin /tickets /my-collection; cookie: eZSESSID* IBX_SESSION_ID* REMEMBERME; profile: symfony
# The same, where the parts of a page are looked up before it is asked who looks at it.
vcl 4.1;

import std;

backend gallery {
    .host = "192.0.2.88";
    .port = "8000";
}

acl guards {
    "127.0.0.1";
    "192.0.2.80"/28;
}

acl restorers {
    "198.51.100.50";
}

sub closing_time {
    if (req.method != "PURGE" && req.method != "PURGEKEYS" && req.method != "BAN") {
        return;
    }
    if (client.ip !~ guards) {
        return (synth(405, "Guards only"));
    }
    if (req.method == "PURGEKEYS") {
        if (!req.http.key) {
            return (synth(400, "Which keys?"));
        }
        ban("obj.http.xkey ~ (^|[ ])" + req.http.key + "([ ]|$)");
        return (synth(200, "Keys purged"));
    }
    if (req.method == "BAN") {
        ban("obj.http.X-Room ~ " + req.http.X-Room + " && obj.http.X-House == " + req.http.Host);
        return (synth(200, "Rooms closed"));
    }
    return (purge);
}

# The digest of a visitor's roles is asked for on the way, and the request begins anew with it.
sub ask_for_roles {
    if (req.restarts == 0) {
        unset req.http.X-User-Hash;
        unset req.http.X-Was-Url;
        unset req.http.X-Was-Accept;
        if (req.http.Cookie ~ "(?i)(eZSESSID|IBX_SESSION_ID|REMEMBERME)" && (req.method == "GET" || req.method == "HEAD")) {
            return (pass);
        }
        set req.http.X-User-Hash = "visitor";
    }
}

sub vcl_recv {
    call closing_time;
    set req.backend_hint = gallery;

    if (req.url ~ "^/_(profiler|wdt|fragment|error)" && client.ip !~ restorers) {
        return (synth(404, "Not on display"));
    }
    if (req.http.X-Forwarded-Proto != "https") {
        set req.http.X-Forwarded-Proto = "http";
    }

    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    if (req.http.Authorization) {
        return (pass);
    }

    std.collect(req.http.Cookie, "; ");

    if (req.url ~ "(?i)^(/(en|es|ca))?/(user|admin|tickets|my-collection|login|logout|register)([/?;.]|$)" || req.url ~ "%|//|/\.|;") {
        return (pass);
    }

    if (req.esi_level > 0) {
        return (hash);
    }

    call ask_for_roles;

    # Of the cookies that are left, only the one of the audio guide means anything, and to the player alone.
    unset req.http.Cookie;

    if (req.url ~ "^/var/site/storage/images/" || req.url ~ "^/(assets|bundles)/") {
        unset req.http.X-User-Hash;
    }
    return (hash);
}

sub vcl_hash {
    hash_data(req.url);
    hash_data(req.http.Host);
    hash_data(req.http.X-Forwarded-Proto);
    if (req.http.X-User-Hash) {
        hash_data(req.http.X-User-Hash);
    }
    return (lookup);
}

sub vcl_backend_response {
    set beresp.http.X-Room = bereq.url;
    set beresp.http.X-House = bereq.http.Host;

    if (beresp.http.Content-Type == "application/vnd.fos.user-context-hash") {
        set beresp.uncacheable = true;
        return (deliver);
    }
    if (bereq.http.Accept ~ "application/vnd.fos.user-context-hash" && beresp.status >= 500) {
        return (abandon);
    }
    # Fragments of a page: opening hours, what is on today.
    if (beresp.http.Surrogate-Control ~ "ESI/1.0") {
        unset beresp.http.Surrogate-Control;
        set beresp.do_esi = true;
    }
    set beresp.grace = 10m;
}

sub vcl_deliver {
    if (resp.http.Vary ~ "(?i)X-User-Hash" && !req.esi_level) {
        set resp.http.Vary = regsub(resp.http.Vary, "(?i),? *X-User-Hash *", "");
        if (resp.http.Vary == "") {
            unset resp.http.Vary;
        }
    }
    unset resp.http.X-Room;
    unset resp.http.X-House;
    unset resp.http.xkey;
    if (client.ip ~ restorers) {
        if (obj.hits > 0) {
            set resp.http.X-Depot = "from the depot (" + obj.hits + ")";
        } else {
            set resp.http.X-Depot = "hung anew";
        }
    }
}
