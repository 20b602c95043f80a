vcl 4.0;

# Vinyl Cache 9.0 and later.

include "receive-url.vcl";
include "common.vcl";
include "response-range.vcl";
include "response.vcl";
include "since-8.0.vcl";

# What is no path is refused, but for what two methods may ask.
sub vcl_req_url {
    if (req.url == "*" && req.method == "OPTIONS") {
        return;
    }
    if (req.url !~ "^/" && req.method != "CONNECT") {
        return (synth(400));
    }
}
