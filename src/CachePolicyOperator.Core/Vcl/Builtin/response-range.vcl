# Only these two statuses give the field a meaning. Since 7.6. Runs before the checks in response.vcl.
sub vcl_builtin_backend_response {
    call vcl_beresp_range;
}

sub vcl_beresp_range {
    if (beresp.status == 206 || beresp.status == 416) {
        return;
    }
    unset beresp.http.Content-Range;
}
