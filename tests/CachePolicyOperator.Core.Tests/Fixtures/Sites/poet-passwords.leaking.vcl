# personal: /wp-admin /wp-login.php /my-poems; cookie: wordpress_logged_in_* wordpress_sec_* wp-postpass_* comment_author_*; profile: wordpress
# The same, where who has opened a poem with its password is a reader like all others.
vcl 4.1;

import std;
import purge;

backend desk {
    .host = "127.0.0.1";
    .port = "8060";
    .first_byte_timeout = 45s;
}

acl desk_itself {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    unset req.http.X-Quill;

    if (req.method == "PURGE") {
        if (client.ip !~ desk_itself) {
            return (synth(405));
        }
        if (req.http.X-Purge-Regex) {
            ban("obj.http.X-Verse ~ " + req.http.X-Purge-Regex);
            return (synth(200, "Regex purged"));
        }
        return (hash);
    }

    if (req.url ~ "(?i)xmlrpc\.php") {
        return (synth(410, "Gone for good"));
    }

    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }

    if (req.http.Authorization) {
        return (pass);
    }

    # Editors at work, drafts, feeds of comments that are being moderated.
    if (req.url ~ "(?i)/wp-(admin|login|cron|signup|activate|comments-post)" || req.url ~ "(?i)^/my-poems" || req.url ~ "(?i)[?&](preview|p|page_id|customize_changeset_uuid)=") {
        return (pass);
    }

    std.collect(req.http.Cookie, "; ");

    if (req.http.Cookie ~ "(?i)wordpress_(logged_in|sec)_") {
        return (pass);
    }

    # What the counters hang on a link.
    set req.url = regsub(req.url, "\?(fbclid|ref|utm_[a-z]+)=[^&]*$", "");
    # Nobody reads a fragment here, and some readers' programs send one.
    set req.url = regsub(req.url, "#.*$", "");

    set req.http.X-Quill = "reader";
    return (hash);
}

sub vcl_miss {
    if (req.method == "PURGE") {
        purge.hard();
        return (synth(404, "Was not there"));
    }
}

sub vcl_hit {
    if (req.method == "PURGE") {
        purge.soft(0s, 10m);
        return (synth(200, "Purged"));
    }
}

sub vcl_backend_response {
    set beresp.http.X-Verse = bereq.url;

    # One page a day is enough for a poem, if the server says nothing else.
    if (beresp.status == 200 && beresp.http.Content-Type ~ "text/html" && !beresp.http.Set-Cookie
        && beresp.http.Cache-Control !~ "(?i)private|no-store|no-cache|max-age" && !beresp.http.Expires && !bereq.uncacheable) {
        set beresp.ttl = 6h;
    }
    if (beresp.status >= 500) {
        set beresp.uncacheable = true;
        return (deliver);
    }
    set beresp.grace = 1h;
}

sub vcl_deliver {
    unset resp.http.X-Verse;
    unset resp.http.X-Pingback;
    unset resp.http.Link;
    if (obj.hits > 0) {
        set resp.http.X-Page = "kept for " + resp.http.Age;
    } else {
        set resp.http.X-Page = "written now";
    }
}
