# The cache of a bookshop, as its team wrote it over the years.
vcl 4.1;

import std;

# ---------------------------------------------------------------- where things are

probe shop_is_well {
    .url = "/healthz";
    .interval = 5s;
    .timeout = 2s;
    .window = 5;
    .threshold = 3;
}

backend default {
    .host = "storefront";
    .port = "8080";
    .connect_timeout = 2s;
    .first_byte_timeout = 30s;
    .between_bytes_timeout = 10s;
    .max_connections = 200;
    .probe = shop_is_well;
}

# Who may empty the shelves: the editors' jump host and the machine itself.
acl editors {
    "localhost";
    "127.0.0.1";
    "10.20.30.0"/24;
    ! "10.20.30.99";
}

# Robots that were asked to stay away, and did not.
acl unwelcome {
    "198.51.100.0"/24;
    "203.0.113.77";
}

# ---------------------------------------------------------------- helpers of vcl_recv

sub tidy_host {
    if (req.http.Host) {
        set req.http.Host = regsub(req.http.Host, ":[0-9]+$", "");
        set req.http.Host = std.tolower(req.http.Host);
        set req.http.Host = regsub(req.http.Host, "\.$", "");
    }
}

sub turn_away {
    if (client.ip ~ unwelcome) {
        return (synth(403, "Not here"));
    }
    if (req.http.User-Agent ~ "(?i)(sitesucker|httrack|webcopier)") {
        return (synth(403, "Not like this"));
    }
    # What scanners ask for, and no shop has.
    if (req.url ~ "(?i)\.(php[0-9]?|aspx?|cgi|bak|sql|env)(\?|$)") {
        return (synth(404, "Not found"));
    }
    if (req.url ~ "^/(wp-admin|wp-login|phpmyadmin|\.git)") {
        return (synth(404, "Not found"));
    }
}

sub moved_pages {
    # The shelves were renamed in spring.
    if (req.url ~ "^/shelf/crime(/|\?|$)") {
        return (synth(751, "/books/crime/"));
    }
    if (req.url ~ "^/shelf/poetry(/|\?|$)") {
        return (synth(751, "/books/poetry/"));
    }
    if (req.url == "/books" || req.url == "/books.html") {
        return (synth(751, "/books/"));
    }
    if (req.url == "/summer" || req.url ~ "^/summer\?") {
        return (synth(752, "/campaigns/holidays/"));
    }
    if (req.url == "/opening-times") {
        return (synth(751, "/about/opening-times/"));
    }
}

sub clean_query {
    # Where a visitor came from is the business of nobody but the statistics.
    if (req.url ~ "[?&](utm_[a-z]+|gclid|fbclid|mc_cid|mc_eid|adref)=") {
        set req.url = regsuball(req.url, "([?&])(utm_[a-z]+|gclid|fbclid|mc_cid|mc_eid|adref)=[^&]*", "\1");
        set req.url = regsuball(req.url, "&&+", "&");
        set req.url = regsub(req.url, "\?&", "?");
        set req.url = regsub(req.url, "[?&]$", "");
    }
    # Nothing after the number sign is for us.
    if (req.url ~ "#") {
        set req.url = regsub(req.url, "#.*$", "");
    }
}

sub tell_device {
    unset req.http.X-Shop-Device;
    if (req.http.User-Agent ~ "(?i)(ipad|tablet|kindle)") {
        set req.http.X-Shop-Device = "tablet";
    } elseif (req.http.User-Agent ~ "(?i)(iphone|ipod|android.*mobile|windows phone|mobile)") {
        set req.http.X-Shop-Device = "phone";
    } else {
        set req.http.X-Shop-Device = "desk";
    }
}

sub tell_language {
    unset req.http.X-Shop-Language;
    if (req.http.Accept-Language ~ "(?i)^de") {
        set req.http.X-Shop-Language = "de";
    } elseif (req.http.Accept-Language ~ "(?i)^fr") {
        set req.http.X-Shop-Language = "fr";
    } else {
        set req.http.X-Shop-Language = "en";
    }
    unset req.http.Accept-Language;
}

sub forget_who_asks {
    unset req.http.Cookie;
    unset req.http.Authorization;
}

sub empty_shelves {
    if (req.method == "PURGE") {
        if (client.ip !~ editors) {
            return (synth(405, "Editors only"));
        }
        return (purge);
    }
}

# ---------------------------------------------------------------- what comes in

sub vcl_recv {
    call tidy_host;
    call turn_away;
    call empty_shelves;
    call moved_pages;

    # Our own monitoring asks varnishd, not the shop.
    if (req.url == "/cache-is-up") {
        return (synth(200, "OK"));
    }

    # A relic of the first weeks.
    unset req.http.Proxy;
    unset req.http.X-Forwarded-Host;

    # What only GET and HEAD may be answered with.
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }

    # Whatever is anybody's own goes to the shop, and is not kept.
    if (req.url ~ "^/(mypage|basket|checkout|orders|wishlist|login|logout)(/|\?|$)") {
        return (pass);
    }

    call clean_query;

    # Fonts, pictures, style sheets and scripts are the same for everybody.
    if (req.url ~ "^/(static|covers|fonts)/") {
        call forget_who_asks;
        unset req.http.X-Shop-Device;
        unset req.http.X-Shop-Language;
        unset req.http.Accept-Language;
        set req.url = regsub(req.url, "\?.*$", "");
        return (hash);
    }

    call tell_device;
    call tell_language;

    # Shelves, campaigns and what the shop says of itself: for who has not logged in, one page for all.
    if (req.url ~ "^/(books|campaigns|about)/" && req.http.Cookie !~ "(^|; ?)session=") {
        call forget_who_asks;
        return (hash);
    }

    if (req.url == "/" && req.http.Cookie !~ "(^|; ?)session=") {
        call forget_who_asks;
        return (hash);
    }

    return (pass);
}

sub vcl_hash {
    hash_data(req.url);
    hash_data(req.http.Host);
    if (req.http.X-Shop-Device) {
        hash_data(req.http.X-Shop-Device);
    }
    if (req.http.X-Shop-Language) {
        hash_data(req.http.X-Shop-Language);
    }
    return (lookup);
}

sub vcl_hit {
    if (obj.ttl + obj.grace > 0s) {
        return (deliver);
    }
    return (pass);
}

sub vcl_purge {
    return (synth(200, "Gone"));
}

# ---------------------------------------------------------------- what comes back

sub shop_is_ill {
    if (beresp.status >= 500) {
        if (bereq.is_bgfetch) {
            return (abandon);
        }
        set beresp.uncacheable = true;
        set beresp.ttl = 5s;
        return (deliver);
    }
}

sub how_long {
    if (bereq.url ~ "^/fonts/") {
        set beresp.ttl = 30d;
    } elseif (bereq.url ~ "^/(static|covers)/") {
        set beresp.ttl = 1d;
    } elseif (bereq.url ~ "^/campaigns/") {
        set beresp.ttl = 1m;
    } else {
        set beresp.ttl = 5m;
    }
    set beresp.grace = 1h;
    if (beresp.status == 404) {
        set beresp.ttl = 30s;
        set beresp.grace = 10s;
    }
    if (beresp.status == 301 || beresp.status == 302) {
        set beresp.ttl = 1m;
    }
}

sub vcl_backend_response {
    call shop_is_ill;

    # Never what the shop says is somebody's.
    if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)(private|no-store|no-cache)"
        || beresp.http.Vary ~ "\*") {
        set beresp.uncacheable = true;
        set beresp.ttl = 2m;
        return (deliver);
    }

    if (bereq.uncacheable) {
        return (deliver);
    }

    # Robots' lists and pictures that are too large for memory.
    if (std.integer(beresp.http.Content-Length, 0) > 20000000) {
        set beresp.uncacheable = true;
        set beresp.ttl = 2m;
        return (deliver);
    }

    call how_long;
    unset beresp.http.Server;
    unset beresp.http.X-Powered-By;
    if (beresp.http.Content-Type ~ "^(text/|application/(javascript|json|xml)|image/svg)") {
        set beresp.do_gzip = true;
    }
    return (deliver);
}

sub vcl_backend_error {
    set beresp.http.Content-Type = "text/html; charset=utf-8";
    set beresp.http.Retry-After = "5";
    synthetic({"<!doctype html><title>Back soon</title><h1>We are stocking the shelves</h1>
<p>Try again in a moment.</p>"});
    return (deliver);
}

# ---------------------------------------------------------------- what goes out

sub vcl_deliver {
    set resp.http.X-Hits = obj.hits;
    if (obj.hits > 0) {
        set resp.http.X-Shop-Cache = "shelf";
    } else {
        set resp.http.X-Shop-Cache = "store room";
    }
    unset resp.http.Via;
    unset resp.http.X-Varnish-Age;
    if (req.url ~ "^/fonts/") {
        set resp.http.Access-Control-Allow-Origin = "*";
    }
    set resp.http.X-Content-Type-Options = "nosniff";
    set resp.http.Referrer-Policy = "strict-origin-when-cross-origin";
    return (deliver);
}

sub vcl_synth {
    if (resp.status == 751) {
        set resp.http.Location = resp.reason;
        set resp.status = 301;
        set resp.reason = "Moved Permanently";
        return (deliver);
    }
    if (resp.status == 752) {
        set resp.http.Location = resp.reason;
        set resp.status = 302;
        set resp.reason = "Found";
        return (deliver);
    }
    set resp.http.Content-Type = "text/html; charset=utf-8";
    set resp.http.Retry-After = "5";
    synthetic("<!doctype html><title>" + resp.status + "</title><h1>" + resp.reason + "</h1>");
    return (deliver);
}
