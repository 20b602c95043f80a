vcl 4.1;
include "loop.vcl";
