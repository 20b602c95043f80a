# personal: /user /admin /node/add /mycourses /system/files; cookie: SESS* SSESS* SimpleSAML UniSSO; profile: symfony
# A university on Drupal 10: thirty faculties, four languages, lecture videos, course pages behind the single sign-on.
vcl 4.0;

import std;
import directors;

probe heartbeat { .url = "/core/misc/favicon.ico"; .interval = 15s; .timeout = 5s; .window = 4; .threshold = 2; }

backend aula { .host = "192.0.2.101"; .port = "8080"; .probe = heartbeat; .first_byte_timeout = 180s; }
backend mensa { .host = "192.0.2.102"; .port = "8080"; .probe = heartbeat; .first_byte_timeout = 180s; }
backend bibliothek { .host = "192.0.2.103"; .port = "8080"; .probe = heartbeat; .first_byte_timeout = 180s; }
backend lectures { .host = "192.0.2.140"; .port = "8090"; .between_bytes_timeout = 600s; }
backend archive { .host = "192.0.2.150"; .port = "80"; .max_connections = 12; }

# Networks of the campus: wired, wireless, halls of residence, the clinic.
acl campus {
    "192.0.2.0"/24;
    "198.51.100.0"/25;
    !"198.51.100.99";
    "2001:db8:77::"/48;
}

acl webteam {
    "127.0.0.1";
    "::1";
    "192.0.2.8"/30;
}

acl scanners_of_the_cert {
    "203.0.113.17";
    "203.0.113.18";
}

sub vcl_init {
    new halls = directors.hash();
    halls.add_backend(aula, 1.0);
    halls.add_backend(mensa, 1.0);
    halls.add_backend(bibliothek, 0.5);
}

sub choose_building {
    if (req.http.Host ~ "^(video|stream)\.uni\.example$") {
        set req.backend_hint = lectures;
    } elseif (req.http.Host == "archive.uni.example") {
        set req.backend_hint = archive;
    } else {
        set req.backend_hint = halls.backend(client.identity);
    }
}

sub janitor {
    # Drupal's purger tells tags, the web team tells paths.
    if (req.method == "BAN") {
        if (client.ip !~ webteam) {
            return (synth(403, "Only for the web team"));
        }
        if (req.http.Cache-Tags) {
            ban("obj.http.Cache-Tags ~ " + req.http.Cache-Tags);
        } elseif (req.http.X-Path) {
            ban("obj.http.X-Path ~ " + req.http.X-Path + " && obj.http.X-Site == " + req.http.Host);
        } else {
            return (synth(400, "Tags or a path, please"));
        }
        return (synth(202, "Swept"));
    }
    if (req.method == "PURGE") {
        if (client.ip !~ webteam) {
            return (synth(403, "Only for the web team"));
        }
        return (purge);
    }
}

sub porter {
    if (req.url ~ "(?i)^/(core/)?(install|rebuild|authorize|update|cron|xmlrpc)\.php") {
        if (client.ip !~ webteam) {
            return (synth(404, "No such room"));
        }
        return (pass);
    }
    # Twice a year the CERT looks at everything, and then it looks at Drupal and not at us.
    if (client.ip ~ scanners_of_the_cert) {
        return (pass);
    }
    if (req.url ~ "(?i)^/[a-z-]+/intranet" && client.ip !~ campus) {
        return (synth(750, "https://vpn.uni.example/"));
    }
}

sub vcl_recv {
    if (req.restarts == 0) {
        if (req.http.X-Forwarded-For) {
            set req.http.X-Seen-From = req.http.X-Forwarded-For;
        } else {
            set req.http.X-Seen-From = client.ip;
        }
        unset req.http.X-Tongue;
    }

    call choose_building;
    call janitor;
    call porter;

    if (req.method == "OPTIONS" || req.method == "PROPFIND") {
        return (synth(405, "Method Not Allowed"));
    }
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }

    # Who watches a lecture from its middle reads it from the shelf itself.
    if (req.url ~ "^/lecture/[0-9]{4}[sw]/[a-z0-9-]+\.(mp4|webm|m4a)$" && req.http.Host ~ "^(video|stream)\.uni\.example$") {
        return (pipe);
    }

    if (req.http.Authorization) {
        return (pass);
    }

    # What stays private whatever it is named.
    if (req.url ~ "(?i)^(/(de|en|fr|it))?/(user|admin|batch|node/add|mycourses|system/files|flag|comment/reply|saml|simplesaml)(/|\?|$)"
        || req.url ~ "(?i)^(/(de|en|fr|it))?/node/[0-9]+/(edit|delete|revisions|translations)") {
        return (pass);
    }

    std.collect(req.http.Cookie, "; ");

    if (req.http.Cookie ~ "(?i)S?SESS" || req.http.Cookie ~ "(?i)SimpleSAML|UniSSO") {
        return (pass);
    }

    # No prefix of a language: what the browser likes best, of what we speak.
    if (req.url ~ "^/(\?.*)?$") {
        if (req.http.Accept-Language ~ "(?i)^\s*fr") {
            set req.http.X-Tongue = "fr";
        } elseif (req.http.Accept-Language ~ "(?i)^\s*it") {
            set req.http.X-Tongue = "it";
        } elseif (req.http.Accept-Language ~ "(?i)^\s*en") {
            set req.http.X-Tongue = "en";
        } else {
            set req.http.X-Tongue = "de";
        }
    } else {
        set req.http.X-Tongue = "as the path says";
    }
    set req.http.Accept-Language = req.http.X-Tongue;

    unset req.http.Cookie;
    return (hash);
}

sub vcl_hash {
    hash_data(req.http.Host);
    hash_data(req.http.X-Tongue);
    hash_data(req.url);
    return (lookup);
}

sub vcl_backend_fetch {
    if (bereq.retries > 0) {
        set bereq.backend = halls.backend("again");
    }
}

sub vcl_backend_response {
    set beresp.http.X-Path = bereq.url;
    set beresp.http.X-Site = bereq.http.Host;

    if (beresp.status == 503 && bereq.retries < 2 && bereq.method == "GET") {
        return (retry);
    }
    if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)(^|[ ,])(private|no-cache|no-store)") {
        set beresp.uncacheable = true;
        set beresp.ttl = 3m;
        return (deliver);
    }
    if (beresp.http.Vary ~ "\*") {
        set beresp.uncacheable = true;
        set beresp.ttl = 3m;
        return (deliver);
    }
    # Pages of the archive never change, but it says nothing of that.
    if (bereq.http.Host == "archive.uni.example" && beresp.status == 200 && beresp.http.Content-Type ~ "^(text/html|image/|application/pdf)") {
        set beresp.ttl = 4w;
        unset beresp.http.Vary;
    }
    if (beresp.status == 301 || beresp.status == 404) {
        set beresp.ttl = 15m;
    }
    if (std.integer(beresp.http.Content-Length, 0) > 52428800) {
        set beresp.do_stream = true;
        set beresp.uncacheable = true;
        set beresp.ttl = 1h;
        return (deliver);
    }
    set beresp.grace = 12h;
}

sub vcl_deliver {
    unset resp.http.X-Path;
    unset resp.http.X-Site;
    unset resp.http.Cache-Tags;
    unset resp.http.X-Generator;
    unset resp.http.X-Drupal-Cache;
    unset resp.http.X-Drupal-Dynamic-Cache;
    if (client.ip ~ webteam) {
        set resp.http.X-Shelf = "miss";
        if (obj.hits > 0) {
            set resp.http.X-Shelf = "hit";
        }
    }
}

sub vcl_synth {
    if (resp.status == 750) {
        set resp.http.Location = resp.reason;
        set resp.status = 307;
        set resp.reason = "Temporary Redirect";
        return (deliver);
    }
    set resp.http.Content-Type = "text/plain; charset=utf-8";
    synthetic(resp.status + " " + resp.reason + std.tolower(" (REQUEST ") + req.xid + ")");
    return (deliver);
}
