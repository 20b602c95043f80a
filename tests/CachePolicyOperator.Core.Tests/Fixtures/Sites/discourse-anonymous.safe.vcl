# personal: /my /u /session /notifications; cookie: _t _forum_session; header: user-api-key api-key; profile: rails
# A forum: strangers lose their cookies where pages are for all, and share them by the theme that they chose.
vcl 4.1;

import std;
import cookie;

backend forum {
    .host = "192.0.2.120";
    .port = "3000";
    .connect_timeout = 2s;
    .first_byte_timeout = 60s;
}

backend uploads {
    .host = "192.0.2.121";
    .port = "9000";
}

acl admins {
    "192.0.2.0"/28;
}

sub vcl_recv {
    set req.backend_hint = forum;
    unset req.http.X-Theme;
    unset req.http.X-Crawler;

    if (req.method == "PURGE") {
        if (!(client.ip ~ admins)) {
            return (synth(403));
        }
        return (purge);
    }

    # long polls
    if (req.url ~ "^/message-bus/") {
        return (pipe);
    }

    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }

    # uploads have a digest for a name
    if (req.url ~ "^/uploads/default/(original|optimized)/[0-9]X/[0-9a-f]/[0-9a-f]/[0-9a-f]{40}(_[0-9]_[0-9]+x[0-9]+)?\.(png|jpe?g|gif|webp|svg)$") {
        set req.backend_hint = uploads;
        unset req.http.Cookie;
        unset req.http.Authorization;
        unset req.http.User-Api-Key;
        unset req.http.Api-Key;
        return (hash);
    }

    if (req.http.Authorization || req.http.User-Api-Key || req.http.Api-Key || req.url ~ "[?&]api_key=") {
        return (pass);
    }

    if (req.url ~ "^/(admin|my|u|session|notifications|drafts|bookmarks|login|auth|user_actions)(/|\.|\?|$)") {
        return (pass);
    }

    std.collect(req.http.Cookie, "; ");
    cookie.parse(req.http.Cookie);
    if (cookie.isset("_t") || cookie.isset("_forum_session") || cookie.isset("__profilin")) {
        return (pass);
    }

    # written in other ways
    if (req.http.Cookie ~ "(?i)(^|[^a-z])_t( |=|%)|_forum_session") {
        return (pass);
    }

    # only these are for everybody
    if (req.url !~ "^/(t|c|tag|tags|top|latest|categories|about|faq|tos|privacy|stylesheets|theme-javascripts|svg-sprite)(/|\?|\.|$)" && req.url !~ "^/(\?.*)?$") {
        return (pass);
    }

    if (cookie.get("theme_ids") ~ "^[0-9]{1,3}$") {
        set req.http.X-Theme = cookie.get("theme_ids");
    } else {
        set req.http.X-Theme = "0";
    }
    if (req.http.User-Agent ~ "(?i)(googlebot|bingbot|duckduckbot|baiduspider|yandex)") {
        set req.http.X-Crawler = "1";
    } else {
        set req.http.X-Crawler = "0";
    }
    unset req.http.Cookie;
    return (hash);
}

sub vcl_hash {
    hash_data(req.http.Host);
    hash_data(req.url);
    hash_data(req.http.X-Theme);
    hash_data(req.http.X-Crawler);
    # json of a page is another answer
    if (req.http.Accept ~ "application/json") {
        hash_data("json");
    }
    if (req.http.X-Requested-With) {
        hash_data("xhr");
    }
    return (lookup);
}

sub vcl_backend_fetch {
    if (bereq.http.X-Theme) {
        set bereq.http.Cookie = "theme_ids=" + bereq.http.X-Theme;
    }
    if (!bereq.uncacheable) {
        unset bereq.http.Forwarded;
        unset bereq.http.X-Forwarded-Host;
    }
}

sub vcl_backend_response {
    if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)private|no-store|no-cache"
        || beresp.http.Discourse-Logged-Out || beresp.http.X-Discourse-Username) {
        set beresp.uncacheable = true;
        set beresp.ttl = 1m;
        return (deliver);
    }
    if (beresp.status == 429 || beresp.status >= 500) {
        set beresp.uncacheable = true;
        set beresp.ttl = 5s;
        return (deliver);
    }
    if (bereq.url ~ "^/uploads/") {
        set beresp.ttl = 30d;
    } elsif (beresp.ttl > 1m) {
        set beresp.ttl = 1m;
    }
    set beresp.grace = 10m;
}

sub vcl_deliver {
    if (obj.hits > 0) {
        set resp.http.X-Cache = "hit";
    } else {
        set resp.http.X-Cache = "miss";
    }
    unset resp.http.X-Runtime;
    unset resp.http.X-Discourse-Route;
    unset resp.http.Via;
}
