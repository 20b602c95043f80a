# personal: /wp-admin /wp-login.php /members; cookie: wordpress_logged_in_* wp_member; profile: wordpress
# The same, where members are not asked for, and their cookie goes to the hut.
vcl 4.1;

import std;
import directors;

probe summit { .url = "/robots.txt"; .interval = 25s; .timeout = 6s; .window = 4; .threshold = 3; }
backend hut_north { .host = "192.0.2.61"; .port = "8000"; .probe = summit; }
backend hut_south { .host = "192.0.2.62"; .port = "8000"; .probe = summit; }
backend cellar { .host = "192.0.2.63"; .port = "8100"; }

acl wardens { "192.0.2.61"; "192.0.2.62"; "127.0.0.1"; }
acl office { "198.51.100.16"/29; }

sub vcl_init {
    new huts = directors.fallback();
    huts.add_backend(hut_north);
    huts.add_backend(hut_south);
}

# Addresses of the six sites, and of no other.
sub whose_site {
    if (req.http.Host ~ "(?i)^(www\.)?(alpen|berge|gipfel)\.example(:[0-9]+)?$") {
        set req.http.Host = regsub(req.http.Host, "(?i)^(?:www\.)?([a-z]+)\.example.*$", "\1.example");
        set req.backend_hint = huts.backend();
    } elseif (req.http.Host == "archiv.alpen.example") {
        set req.backend_hint = cellar;
    } else {
        return (synth(404, "No hut here"));
    }
}

sub vcl_recv {
    if (req.method == "PURGE" || req.method == "BAN") {
        if (client.ip !~ wardens) {
            return (synth(405, "Wardens only"));
        }
        if (req.method == "BAN") {
            if (req.http.X-Ban-Host && req.http.X-Ban-Path) {
                ban("obj.http.X-Hut == " + req.http.X-Ban-Host + " && obj.http.X-Trail ~ " + req.http.X-Ban-Path);
                return (synth(200, "Banned"));
            }
            return (synth(400, "Host and path"));
        }
        return (purge);
    }

    call whose_site;

    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    if (req.http.Authorization) {
        return (pass);
    }

    # The office works on the pages, so what it sees is never old.
    if (client.ip ~ office) {
        return (pass);
    }

    if (req.url ~ "(?i)^/(wp-(admin|login|json|cron)|members|feed/private)" || req.url ~ "(?i)[?&](s|preview|p|page_id|attachment_id|replytocom)=" || req.url ~ "%|;|//|/\.") {
        return (pass);
    }

    std.collect(req.http.Cookie, "; ");
    if (req.http.Cookie ~ "(?i)wordpress_logged_in") {
        return (pass);
    }

    # A reader's language, from the address, the choice, or the browser; three exist.
    if (req.url ~ "^/(de|fr|it)/") {
        unset req.http.Accept-Language;
    } elseif (req.http.Cookie ~ "pll_language=(de|fr|it)") {
        set req.http.Accept-Language = regsub(req.http.Cookie, "^.*pll_language=(de|fr|it).*$", "\1");
    } elseif (req.http.Accept-Language ~ "(?i)(^|,)\s*(fr|it)\b") {
        set req.http.Accept-Language = std.tolower(regsub(req.http.Accept-Language, "(?i)^.*?\b(fr|it)\b.*$", "\1"));
    } else {
        set req.http.Accept-Language = "de";
    }

    # How the letters with the news count who followed a link.
    if (req.url ~ "\?") {
        set req.url = regsuball(req.url, "(mc_cid|mc_eid|mtm_[a-z]+|newsletter)=[^&]*&?", "");
        set req.url = regsub(req.url, "[?&]+$", "");
    }

    return (hash);
}

sub vcl_hash {
    hash_data(req.http.Host);
    hash_data(req.url);
    if (req.http.Accept-Language) {
        hash_data(req.http.Accept-Language);
    }
    return (lookup);
}

sub vcl_backend_response {
    set beresp.http.X-Trail = bereq.url;
    set beresp.http.X-Hut = bereq.http.Host;

    if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)private|no-store|no-cache") {
        set beresp.uncacheable = true;
        set beresp.ttl = 100s;
        return (deliver);
    }
    if (beresp.http.Content-Type ~ "application/pdf") {
        set beresp.ttl = 30d;
        set beresp.do_gzip = false;
    }
    if (beresp.status == 410) {
        set beresp.ttl = 1d;
    }
    set beresp.grace = 3d;
}

sub vcl_deliver {
    unset resp.http.X-Trail;
    unset resp.http.X-Hut;
    unset resp.http.X-Redirect-By;
    set resp.http.Content-Language = req.http.Accept-Language;
    if (obj.hits > 0) {
        set resp.http.X-Rope = "second";
    }
}

sub vcl_backend_error {
    if (bereq.retries < 1) {
        return (retry);
    }
    set beresp.http.Content-Type = "text/html; charset=utf-8";
    set beresp.status = 503;
    synthetic("<h1>Nebel</h1><p>In einer Minute ist die Sicht wieder besser.</p>");
    return (deliver);
}
