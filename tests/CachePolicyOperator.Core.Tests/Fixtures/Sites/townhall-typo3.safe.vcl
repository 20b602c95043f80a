# personal: /typo3 /citizen /appointments; cookie: fe_typo_user be_typo_user; profile: php
# A town of 80,000: opening hours, forms, appointments at the registry office, on TYPO3.
vcl 4.1;

import std;
import directors;

probe clerk_awake {
    .url = "/typo3conf/ext/townhall/Resources/Public/ping.txt";
    .interval = 20s;
    .timeout = 2s;
    .window = 5;
    .threshold = 2;
}

backend registry { .host = "192.0.2.71"; .port = "80"; .probe = clerk_awake; }
backend registry_spare { .host = "192.0.2.72"; .port = "80"; .probe = clerk_awake; }
backend forms_server { .host = "192.0.2.75"; .port = "8443"; }

acl town_network {
    "192.0.2.64"/27;
    "198.51.100.200";
}

sub vcl_init {
    new counter = directors.fallback();
    counter.add_backend(registry);
    counter.add_backend(registry_spare);
}

sub caretaker {
    if (req.method == "BAN") {
        if (client.ip !~ town_network) {
            return (synth(405, "Town hall only"));
        }
        if (req.http.X-TYPO3-Page) {
            ban("obj.http.X-TYPO3-Pages ~ ," + req.http.X-TYPO3-Page + ",");
            return (synth(200, "Page taken down"));
        }
        if (req.http.X-TYPO3-Site) {
            ban("obj.http.X-TYPO3-Site == " + req.http.X-TYPO3-Site);
            return (synth(200, "Site taken down"));
        }
        return (synth(400, "What shall be taken down?"));
    }
}

sub which_counter {
    if (req.url ~ "^/forms/") {
        set req.backend_hint = forms_server;
    } else {
        set req.backend_hint = counter.backend();
    }
}

sub vcl_recv {
    call caretaker;
    call which_counter;

    if (req.http.Host !~ "^(www\.)?stadt\.example$") {
        return (synth(421, "No such town"));
    }
    if (req.http.Host == "stadt.example") {
        return (synth(801, "Moved"));
    }

    # Requests with a body, and what only web DAV clients say.
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    if (req.http.Authorization || req.http.Cookie ~ "(?i)be_typo_user|fe_typo_user") {
        return (pass);
    }
    if (req.http.Expect) {
        return (pipe);
    }

    std.collect(req.http.Cookie, ";");
    if (req.http.Cookie ~ "(?i)[fb]e_typo_user") {
        return (pass);
    }

    # Editors, citizens' pages, every form, and what a form answers.
    if (req.url ~ "(?i)^/(typo3|citizen|appointments|forms)(/|\?|$|\.)" || req.url ~ "[?&](no_cache|logintype|tx_felogin|cHash=$)") {
        return (pass);
    }

    # Leaflets and pictures.
    if (req.url ~ "^/(fileadmin|typo3temp/assets|_assets/[0-9a-f]{32})/" && req.url !~ "%|;|//|/\.") {
        if (req.url ~ "^/fileadmin/secure") {
            return (pass);
        }
        unset req.http.Cookie;
        set req.url = regsub(req.url, "\?[0-9]{10}$", "");
        return (hash);
    }

    # In easy words: a switch in the page's head, kept in a cookie, the same page written differently.
    if (req.http.Cookie ~ "easywords=on") {
        set req.http.X-Words = "easy";
    } else {
        set req.http.X-Words = "all";
    }
    unset req.http.Cookie;
    set req.http.Cookie = "easywords=" + req.http.X-Words;
    return (hash);
}

sub vcl_hash {
    hash_data(req.url);
    hash_data(req.http.Host);
    if (req.http.X-Words) {
        hash_data(req.http.X-Words);
    }
    return (lookup);
}

sub vcl_backend_response {
    # Who is logged in is told to the town's server, which answers so.
    if (beresp.http.Cache-Control ~ "(?i)private" || beresp.http.Cache-Control ~ "(?i)no-(store|cache)"
        || beresp.http.Pragma == "no-cache" || beresp.http.Set-Cookie || beresp.http.Vary ~ "\*|(?i)cookie") {
        set beresp.uncacheable = true;
        set beresp.ttl = 120s;
        return (deliver);
    }
    if (beresp.http.X-TYPO3-Pages) {
        set beresp.http.X-TYPO3-Pages = "," + beresp.http.X-TYPO3-Pages + ",";
    }
    if (beresp.ttl > 1d) {
        set beresp.ttl = 1d;
    }
    set beresp.grace = 8h;
}

sub vcl_deliver {
    unset resp.http.X-TYPO3-Pages;
    unset resp.http.X-TYPO3-Site;
    unset resp.http.X-TYPO3-Parsetime;
    set resp.http.X-Counter = req.backend_hint;
}

sub vcl_synth {
    if (resp.status == 801) {
        set resp.status = 301;
        set resp.http.Location = "https://www.stadt.example" + req.url;
        return (deliver);
    }
}
