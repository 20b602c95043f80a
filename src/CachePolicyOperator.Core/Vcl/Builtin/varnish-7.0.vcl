vcl 4.0;

# Varnish 7.0 to 7.5.

include "common.vcl";
include "methods-7.vcl";
include "response.vcl";

sub vcl_beresp_hitmiss {
    set beresp.ttl = 120s;
    set beresp.uncacheable = true;
    return (deliver);
}
