# personal: /my /u/account /notifications /session; cookie: _t _forum_session; header: Api-Key; profile: rails
# A forum: who has the token of a login passes, strangers share pages by the languages that the forum speaks.
vcl 4.1;

import std;
import vsthrottle;

backend forum {
    .host = "192.0.2.50";
    .port = "3000";
    .first_byte_timeout = 30s;
}

backend message_bus {
    .host = "192.0.2.50";
    .port = "3001";
    .first_byte_timeout = 300s;
    .between_bytes_timeout = 300s;
}

acl ours {
    "192.0.2.0"/24;
}

sub vcl_recv {
    set req.backend_hint = forum;

    if (req.url ~ "^/message-bus/") {
        set req.backend_hint = message_bus;
        return (pipe);
    }

    if (vsthrottle.is_denied("ip:" + client.ip, 200, 10s)) {
        return (synth(429, "Too many requests"));
    }

    if (req.method == "PURGE") {
        if (client.ip !~ ours) {
            return (synth(405));
        }
        return (purge);
    }

    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }

    # keys of the API, and whatever else says who asks
    if (req.http.Api-Key || req.http.Authorization || req.http.User-Api-Key || req.url ~ "[?&]api_key=") {
        return (pass);
    }

    # fields that the forum would believe
    unset req.http.X-Forwarded-Host;
    unset req.http.X-Original-URL;
    unset req.http.X-Rewrite-URL;
    unset req.http.Discourse-Logged-In;
    unset req.http.Discourse-Present;

    # of many encodings, one
    if (req.http.Accept-Encoding ~ "br") {
        set req.http.X-Encoding = "br";
    } elsif (req.http.Accept-Encoding ~ "gzip") {
        set req.http.X-Encoding = "gzip";
    } else {
        set req.http.X-Encoding = "plain";
    }

    # of many languages, three
    if (req.http.Accept-Language ~ "^(?i)de") {
        set req.http.Accept-Language = "de";
    } elsif (req.http.Accept-Language ~ "^(?i)ja") {
        set req.http.Accept-Language = "ja";
    } else {
        set req.http.Accept-Language = "en";
    }

    # what only the browser counts
    set req.url = regsuball(req.url, "([?&])(utm_[a-z]+|source_topic_id|u)=[^&]*", "\1");
    set req.url = regsuball(req.url, "&+", "&");
    set req.url = regsub(req.url, "\?&", "?");
    set req.url = regsub(req.url, "[?&]$", "");

    if (req.url ~ "^/(assets|images|uploads/default/optimized|letter_avatar_proxy|stylesheets)/") {
        call asset;
    }

    std.collect(req.http.Cookie, "; ");
    if (req.http.Cookie ~ "(^|; *)(_t|_forum_session)=" || req.http.Cookie ~ "destination_url=") {
        return (pass);
    }

    # pages of somebody, whoever asks
    if (req.url ~ "^/(my|u|session|notifications|admin|auth|login|logout|review|drafts|draft\.json|srv)(/|\.|\?|$)") {
        return (pass);
    }

    # the theme of a stranger is in the key
    if (req.http.Cookie ~ "(^|; *)theme_ids=[0-9]+") {
        set req.http.X-Theme = regsub(req.http.Cookie, "^(.*; *)?theme_ids=([0-9]+).*$", "\2");
    } else {
        unset req.http.X-Theme;
    }
    unset req.http.Cookie;
    return (hash);
}

sub asset {
    if (req.url ~ "^/[a-z_/]+/[A-Za-z0-9_-]+\.(css|js|png|svg|woff2|jpg|webp)(\?[a-z0-9=]*)?$") {
        unset req.http.Cookie;
        unset req.http.X-Theme;
        return (hash);
    }
}

sub vcl_hash {
    hash_data(req.url);
    hash_data(req.http.Host);
    hash_data(req.http.X-Encoding);
    hash_data(req.http.Accept-Language);
    if (req.http.X-Theme) {
        hash_data("theme=" + req.http.X-Theme);
    }
    return (lookup);
}

sub vcl_backend_response {
    if (beresp.http.Set-Cookie || beresp.http.Discourse-Logged-In
        || beresp.http.Vary ~ "(?i)cookie|authorization|\*|api-key"
        || beresp.http.Cache-Control ~ "(?i)private|no-store|no-cache") {
        set beresp.uncacheable = true;
        set beresp.ttl = 60s;
        return (deliver);
    }
    if (beresp.status != 200 && beresp.status != 301 && beresp.status != 404) {
        set beresp.uncacheable = true;
        return (deliver);
    }
    if (bereq.url ~ "^/(assets|stylesheets)/") {
        set beresp.ttl = 30d;
    } else {
        set beresp.ttl = 60s;
    }
    set beresp.grace = 10s;
    return (deliver);
}

sub vcl_deliver {
    if (obj.hits > 0) {
        set resp.http.X-Cache = "hit";
    } else {
        set resp.http.X-Cache = "miss";
    }
    unset resp.http.X-Discourse-Route;
    unset resp.http.X-Runtime;
}

sub vcl_synth {
    if (resp.status == 429) {
        set resp.http.Retry-After = "10";
        synthetic("slow down");
        return (deliver);
    }
}
