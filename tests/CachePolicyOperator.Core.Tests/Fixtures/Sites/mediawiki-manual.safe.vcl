# personal: /wiki/Special:Preferences /index.php; cookie: wiki_session wikiUserID wikiToken; profile: php
# A small wiki, as its manual has it: whoever brings one of its cookies passes.
vcl 4.0;

backend default {
    .host = "127.0.0.1";
    .port = "8080";
    .first_byte_timeout = 120s;
    .connect_timeout = 2s;
    .between_bytes_timeout = 120s;
}

# access control list for "purge": open to only localhost and other local nodes
acl purge {
    "127.0.0.1";
}

# vcl_recv is called whenever a request is received
sub vcl_recv {
    # Serve objects up to 2 minutes past their expiry if the backend is slow to respond.
    set req.http.X-Forwarded-For = req.http.X-Forwarded-For + ", " + client.ip;

    set req.backend_hint = default;

    # This uses the ACL action called "purge". Basically if a request to PURGE the cache comes from anywhere other
    # than localhost, ignore it.
    if (req.method == "PURGE") {
        if (!client.ip ~ purge) {
            return (synth(405, "Not allowed."));
        } else {
            return (purge);
        }
    }

    # Pass any requests that Varnish does not understand straight to the backend.
    if (req.method != "GET" && req.method != "HEAD" &&
        req.method != "PUT" && req.method != "POST" &&
        req.method != "TRACE" && req.method != "OPTIONS" &&
        req.method != "DELETE") {
        return (pipe);
    }
    /* Non-RFC2616 or CONNECT which is weird. */

    # Pass anything other than GET and HEAD directly.
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    /* We only deal with GET and HEAD by default */

    # Pass requests from logged-in users directly. Only detect cookies with "session" and "Token" in file name, otherwise nothing get cached.
    if (req.http.Authorization || req.http.Cookie ~ "([sS]ession|Token|UserID)=") {
        return (pass);
    }
    /* Not cacheable by default */

    # normalize Accept-Encoding to reduce vary
    if (req.http.Accept-Encoding) {
        if (req.http.User-Agent ~ "MSIE 6") {
            unset req.http.Accept-Encoding;
        } elsif (req.http.Accept-Encoding ~ "gzip") {
            set req.http.Accept-Encoding = "gzip";
        } elsif (req.http.Accept-Encoding ~ "deflate") {
            set req.http.Accept-Encoding = "deflate";
        } else {
            unset req.http.Accept-Encoding;
        }
    }

    # Force lookup if the request is a no-cache request from the client.
    if (req.http.Cache-Control ~ "no-cache") {
        set req.hash_always_miss = true;
    }

    # a line of cookies of which we did not look
    if (req.http.Cookie) {
        return (pass);
    }
    return (hash);
}

sub vcl_pipe {
    # Note that only the first request to the backend will have X-Forwarded-For set.
    set req.http.connection = "close";
}

sub vcl_hash {
    hash_data(req.url);
    hash_data(req.http.host);
    hash_data(req.http.X-Forwarded-Proto);
    return (lookup);
}

# Called if the cache has a copy of the page.
sub vcl_hit {
    if (!obj.ttl > 0s) {
        return (pass);
    }
}

# Called after a document has been successfully retrieved from the backend.
sub vcl_backend_response {
    # Don't cache 50x responses
    if (beresp.status == 500 || beresp.status == 502 || beresp.status == 503 || beresp.status == 504) {
        set beresp.uncacheable = true;
        return (deliver);
    }

    if (!beresp.ttl > 0s) {
        set beresp.uncacheable = true;
        return (deliver);
    }

    if (beresp.http.Set-Cookie || beresp.http.Vary ~ "(?i)cookie|authorization|\*") {
        set beresp.uncacheable = true;
        return (deliver);
    }

    if (beresp.http.Cache-Control ~ "(?i)private|no-store|no-cache") {
        set beresp.uncacheable = true;
        return (deliver);
    }

    if (beresp.http.Authorization && !beresp.http.Cache-Control ~ "public") {
        set beresp.uncacheable = true;
        return (deliver);
    }

    # Set default cache to 1 hour
    set beresp.ttl = 1h;
    set beresp.grace = 120s;
    return (deliver);
}

sub vcl_deliver {
    if (obj.hits > 0) {
        set resp.http.X-Cache = "HIT";
    } else {
        set resp.http.X-Cache = "MISS";
    }
    unset resp.http.X-Powered-By;
    unset resp.http.Server;
}
