# What may not be kept becomes an object that says so, and is delivered to this request only.
sub vcl_builtin_backend_response {
    if (bereq.uncacheable) {
        return (deliver);
    }
    call vcl_beresp_stale;
    call vcl_beresp_cookie;
    call vcl_beresp_control;
    call vcl_beresp_vary;
}

sub vcl_beresp_stale {
    if (beresp.ttl <= 0s) {
        call vcl_beresp_hitmiss;
    }
}

sub vcl_beresp_cookie {
    if (beresp.http.Set-Cookie) {
        call vcl_beresp_hitmiss;
    }
}

# Surrogate-Control, where there is one, hides Cache-Control.
sub vcl_beresp_control {
    if (beresp.http.Surrogate-Control) {
        if (beresp.http.Surrogate-Control ~ "(?i)no-store") {
            call vcl_beresp_hitmiss;
        }
    } elseif (beresp.http.Cache-Control ~ "(?i)(private|no-store|no-cache)") {
        call vcl_beresp_hitmiss;
    }
}

sub vcl_beresp_vary {
    if (beresp.http.Vary == "*") {
        call vcl_beresp_hitmiss;
    }
}
