# The mend of VSV00018 looks at the target before all else. Since 7.6, for there are releases of 7.7 and 8.0 with it and without.
sub vcl_builtin_recv {
    call vcl_req_url;
}
