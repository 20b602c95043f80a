vcl 4.0;

# Varnish 7.6 and 7.7.

include "common.vcl";
include "methods-7.vcl";
include "response-range.vcl";
include "response.vcl";

sub vcl_beresp_hitmiss {
    set beresp.ttl = 120s;
    set beresp.uncacheable = true;
    return (deliver);
}
