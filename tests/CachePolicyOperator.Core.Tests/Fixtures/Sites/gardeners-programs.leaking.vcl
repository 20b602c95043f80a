# personal: /my /u /session /notifications /message-bus; cookie: _t _forum_session; header: User-Api-Key Api-Key; profile: rails
# The same, where the key of a program that acts for a member is not asked for.
vcl 4.1;

import std;
import cookie;

backend shed {
    .path = "/var/run/discourse/nginx.http.sock";
    .first_byte_timeout = 90s;
}

sub weed_out {
    # Those that take whole beds at night.
    if (req.http.User-Agent ~ "(?i)(petal|semrush|mj12|dot)bot" || req.http.User-Agent == "" || !req.http.User-Agent) {
        return (synth(429, "Not at night"));
    }
}

sub vcl_recv {
    call weed_out;
    if (req.method == "GET" || req.method == "HEAD") {
        if (req.url ~ "^/message-bus/[0-9a-f]+/poll") {
            return (pass);
        }
    } else {
        return (pass);
    }

    if (req.http.Authorization || req.http.Discourse-Logged-In || req.http.Discourse-Present) {
        return (pass);
    }

    if (req.url ~ "(?i)[?&](api_key|api_username|preview_theme_id|safe_mode|pp)=") {
        return (pass);
    }

    std.collect(req.http.Cookie, "; ");
    if (req.http.Cookie ~ "(?i)(^|[;, ])(_t|_forum_session|_bypass_cache|dosp|authentication_data)") {
        return (pass);
    }

    # Beds that everybody may look at.
    if (req.url !~ "^/(t/[a-z0-9-]+/[0-9]+|c/[a-z-]+/[0-9]+|latest|top|categories|tags|badges|about|assets/|stylesheets/|theme-javascripts/|letter_avatar_proxy/|user_avatar/|uploads/|images/|srv/status)" && req.url != "/") {
        return (pass);
    }
    if (req.url ~ "[;%]|\.\.|//") {
        return (pass);
    }

    # Light or dark soil.
    cookie.parse(req.http.Cookie);
    if (cookie.get("dark_scheme_id") ~ "^-?[0-9]{1,2}$") {
        set req.http.X-Soil = cookie.get("dark_scheme_id");
    } else {
        set req.http.X-Soil = "none";
    }
    cookie.clean();
    unset req.http.Cookie;
    return (hash);
}

sub vcl_hash {
    hash_data(req.url);
    hash_data(req.http.Host);
    hash_data("soil=" + req.http.X-Soil);
    if (req.http.Accept ~ "json") {
        hash_data("as data");
    } else {
        hash_data("as a page");
    }
    return (lookup);
}

sub vcl_backend_fetch {
    unset bereq.http.Accept-Language;
    if (!bereq.uncacheable && bereq.http.X-Soil && bereq.http.X-Soil != "none") {
        set bereq.http.Cookie = "dark_scheme_id=" + bereq.http.X-Soil;
    }
}

sub vcl_backend_response {
    if (beresp.http.X-Discourse-Username || beresp.http.Discourse-Logged-Out) {
        set beresp.uncacheable = true;
        return (deliver);
    }
    if (beresp.http.Cache-Control ~ "(?i)(no-store|private|no-cache)" && bereq.url !~ "^/(t|c)/") {
        set beresp.uncacheable = true;
        return (deliver);
    }
    if (beresp.http.Cache-Control ~ "(?i)(no-store|private)" || beresp.http.Set-Cookie) {
        set beresp.uncacheable = true;
        return (deliver);
    }
    # The forum says no-cache of every bed, and a minute of old soil hurts nobody.
    if (beresp.status == 200 && bereq.url ~ "^/(t|c)/") {
        set beresp.ttl = 1m;
        set beresp.grace = 5m;
    }
    if (beresp.status == 429 || beresp.status == 503) {
        set beresp.ttl = 0s;
        set beresp.uncacheable = true;
    }
}

sub vcl_deliver {
    unset resp.http.X-Request-Id;
    unset resp.http.X-Discourse-TrackView;
    if (req.http.X-Soil) {
        set resp.http.X-Soil = req.http.X-Soil;
    }
    set resp.http.X-Bed = resp.http.X-Varnish;
}
