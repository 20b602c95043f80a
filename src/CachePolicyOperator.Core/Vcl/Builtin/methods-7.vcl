sub vcl_req_method {
    if (req.method == "PRI") {
        return (synth(405));
    }
    if (req.method ~ "^(GET|HEAD)$") {
        return;
    }
    if (req.method ~ "^(DELETE|OPTIONS|PATCH|POST|PUT|TRACE)$") {
        return (pass);
    }
    return (pipe);
}
