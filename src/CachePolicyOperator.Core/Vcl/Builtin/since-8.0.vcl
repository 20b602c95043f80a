# An unknown method is refused; up to 7.7 it was piped.
sub vcl_req_method {
    if (req.method ~ "^(GET|HEAD)$") {
        return;
    }
    if (req.method ~ "^(DELETE|OPTIONS|PATCH|POST|PUT|TRACE)$") {
        return (pass);
    }
    set req.http.Connection = "close";
    return (synth(501));
}

sub vcl_beresp_hitmiss {
    set beresp.ttl = param.uncacheable_ttl;
    set beresp.uncacheable = true;
    return (deliver);
}

# A 304 may refresh a stale object only if that is still valid, was asked about, and is a 200.
sub vcl_backend_refresh {
    call vcl_builtin_backend_refresh;
    return (merge);
}

sub vcl_builtin_backend_refresh {
    call vcl_refresh_valid;
    call vcl_refresh_conditions;
    call vcl_refresh_status;
}

sub vcl_refresh_valid {
    if (obj_stale.is_valid) {
        return;
    }
    return (error(503, "The stale object is gone"));
}

sub vcl_refresh_conditions {
    if (bereq.http.If-None-Match || bereq.http.If-Modified-Since) {
        return;
    }
    return (error(503, "Nobody asked for a 304"));
}

sub vcl_refresh_status {
    if (obj_stale.status == 200) {
        return;
    }
    return (error(503, "The stale object is no 200"));
}
