# personal: /apps /remote.php /ocs /settings /login; cookie: oc_sessionPassphrase nc_token nc_session_id; profile: php
# A sailing club's files: members share charts, the public gets themes, scripts and what was published by a link.
vcl 4.1;

import std;

backend quay {
    .host = "192.0.2.90";
    .port = "8180";
    .first_byte_timeout = 300s;
    .connect_timeout = 3s;
}

acl harbour_master {
    "127.0.0.1";
    "192.0.2.88"/29;
}

sub vcl_recv {
    unset req.http.Proxy;
    set req.http.Host = regsub(req.http.Host, ":[0-9]+$", "");

    if (req.method == "PURGE") {
        if (client.ip !~ harbour_master) {
            return (synth(405, "Ask the harbour master"));
        }
        return (purge);
    }

    # Files go through with whatever WebDAV wants.
    if (req.method ~ "^(PROPFIND|PROPPATCH|MKCOL|MOVE|COPY|LOCK|UNLOCK|REPORT|SEARCH)$") {
        return (pass);
    }
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    if (req.http.Authorization || req.http.Range) {
        return (pass);
    }
    if (req.url ~ "(?i)^/(index\.php/)?(apps|ocs|ocm|settings|login|logout|s|f|u|call|avatar|core/preview)([/?]|$)") {
        return (pass);
    }
    if (req.url ~ "(?i)^/(remote|public|status|cron)\.php") {
        return (pass);
    }

    # What the program ships: the folder of an app, and an ending that is no page.
    if (req.url ~ "^/(core|dist|themes)/[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*\.(css|js|mjs|svg|png|woff2)(\?v=[0-9a-f-]+)?$") {
        unset req.http.Cookie;
        unset req.http.Accept-Language;
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
    if (bereq.uncacheable) {
        return (deliver);
    }
    if (beresp.status != 200 || beresp.http.Set-Cookie) {
        set beresp.uncacheable = true;
        set beresp.ttl = 60s;
        return (deliver);
    }
    if (beresp.http.Cache-Control ~ "(?i)private|no-store" || beresp.http.Vary ~ "(?i)cookie|\*") {
        set beresp.uncacheable = true;
        set beresp.ttl = 60s;
        return (deliver);
    }
    set beresp.ttl = 12h;
    set beresp.grace = 3d;
}

sub vcl_pipe {
    if (req.http.upgrade) {
        set bereq.http.upgrade = req.http.upgrade;
        set bereq.http.connection = req.http.connection;
    }
}

sub vcl_deliver {
    unset resp.http.X-Powered-By;
    unset resp.http.Server;
    if (obj.hits > 0) {
        set resp.http.X-Tide = "in";
    } else {
        set resp.http.X-Tide = "out";
    }
}
