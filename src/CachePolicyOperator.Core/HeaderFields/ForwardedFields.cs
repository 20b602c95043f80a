namespace CachePolicyOperator.Core.HeaderFields;

/// <summary>
/// Request fields that are removed from a fetch whose answer may be stored, unless they are in its key. VCL cannot list
/// the fields of a request, only name them, so these are the ones that browsers, proxies, frameworks and attackers are
/// known to send. A field that is not here reaches the origin; where the origin heeds it without saying so in
/// <c>Vary</c>, it must be declared, as an identity header or in the key.
/// </summary>
internal static class ForwardedFields
{
    /// <summary>Who asks: credentials, and what gates in front of the cache say about them.</summary>
    private const string Identity =
        """
        cookie cookie2 authorization proxy-authorization x-authorization authentication x-auth x-auth-key x-auth-token auth-token
        x-access-token access-token x-api-key api-key apikey x-apikey x-api-token x-token token x-id-token x-jwt x-jwt-assertion
        x-csrf-token x-csrftoken csrf-token x-xsrf-token x-session x-session-id x-session-token session-id sessionid x-sid
        x-user x-user-id x-userid x-user-name x-username x-user-email x-user-token x-user-roles x-user-groups x-remote-user
        remote-user x-authenticated-user x-authenticated-userid x-credential-username x-consumer-id x-consumer-username
        x-consumer-custom-id x-forwarded-user x-forwarded-email x-forwarded-groups x-forwarded-preferred-username
        x-forwarded-access-token x-auth-request-user x-auth-request-email x-auth-request-groups
        x-auth-request-preferred-username x-auth-request-access-token x-auth-request-redirect x-goog-authenticated-user-email
        x-goog-authenticated-user-id x-goog-iap-jwt-assertion cf-access-jwt-assertion cf-access-authenticated-user-email
        x-amzn-oidc-data x-amzn-oidc-identity x-amzn-oidc-accesstoken x-amz-security-token x-amz-date x-ms-client-principal
        x-ms-client-principal-id x-ms-client-principal-name x-ms-client-principal-idp x-ms-token-aad-id-token
        x-ms-token-aad-access-token x-zumo-auth x-tenant x-tenant-id x-org-id x-organization-id x-account x-account-id
        x-customer-id x-member-id x-client-id x-device-id x-installation-id x-visitor-id x-wp-nonce
        client-cert client-cert-chain x-client-cert x-client-dn x-client-verify x-ssl-cert x-ssl-client-cert x-ssl-client-dn
        x-ssl-client-s-dn x-ssl-client-i-dn x-ssl-client-cn x-ssl-client-verify x-ssl-client-serial x-ssl-client-fingerprint
        ssl-client-cert ssl-client-subject-dn ssl-client-verify x-forwarded-client-cert x-forwarded-tls-client-cert
        x-forwarded-tls-client-cert-info x-arr-clientcert
        """;

    /// <summary>Another target, host, scheme or method than the one that is in the key.</summary>
    private const string Target =
        """
        forwarded x-forwarded x-forwarded-host x-forwarded-server x-forwarded-scheme x-forwarded-port x-forwarded-prefix
        x-forwarded-path x-forwarded-uri x-forwarded-url x-forwarded-method x-forwarded-protocol x-forwarded-ssl
        x-forwarded-by x-forward-for x-forward-host x-host x-http-host-override x-original-host x-backend-host x-original-url x-original-uri
        x-original-path x-original-method x-original-forwarded-for x-original-forwarded-host x-original-proto x-original-scheme
        x-rewrite-url x-rewrite-uri x-override-url x-request-uri x-request-url x-proxy-url x-proxy-host request-uri
        x-http-method x-http-method-override x-method-override x-http-path-override x-http-status-code-override x-script-name
        x-scheme x-url-scheme x-url x-uri x-path x-base-url x-server-name front-end-https destination proxy-host proxy-url
        base-url http-host x-envoy-original-path x-envoy-original-host x-envoy-external-address x-envoy-internal
        x-envoy-decorator-operation x-envoy-peer-metadata x-replaced-path x-ingress-path x-amz-website-redirect-location
        x-amz-server-side-encryption x-sendfile-type x-accel-mapping x-accel-buffering x-accel-redirect
        x-lighttpd-send-file soapaction
        """;

    /// <summary>From where and through what: addresses, countries, devices as seen by an edge, traces.</summary>
    private const string Client =
        """
        x-forwarded-for x-real-ip x-client-ip client-ip true-client-ip x-cluster-client-ip x-remote-ip x-remote-addr
        x-originating-ip x-proxyuser-ip x-custom-ip-authorization x-azure-clientip x-azure-socketip x-azure-ref x-azure-fdid
        x-arr-log-id x-arr-ssl x-arr-original-url x-waws-unencoded-url x-original-for cf-connecting-ip cf-connecting-ipv6 cf-pseudo-ipv4 cf-ipcountry
        cf-ipcity cf-ipcontinent cf-iplatitude cf-iplongitude cf-region cf-region-code cf-timezone cf-device-type cf-ray
        cf-visitor cf-worker cf-ew-via cdn-loop fastly-client-ip fastly-client fastly-ff fastly-ssl fastly-temp-xff fastly-orig-host
        fastly-orig-accept-encoding akamai-origin-hop akamai-client-ip x-akamai-edgescape x-akamai-device-characteristics
        x-akamai-config-log-detail x-edge-location cloudfront-forwarded-proto cloudfront-viewer-country
        cloudfront-viewer-country-name cloudfront-viewer-country-region cloudfront-viewer-city cloudfront-viewer-address
        cloudfront-viewer-asn cloudfront-viewer-latitude cloudfront-viewer-longitude cloudfront-viewer-time-zone
        cloudfront-viewer-postal-code cloudfront-viewer-tls cloudfront-viewer-http-version cloudfront-is-mobile-viewer
        cloudfront-is-desktop-viewer cloudfront-is-tablet-viewer cloudfront-is-smarttv-viewer cloudfront-is-android-viewer
        cloudfront-is-ios-viewer x-amz-cf-id x-amzn-trace-id x-appengine-country x-appengine-region x-appengine-city
        x-appengine-citylatlong x-appengine-user-ip x-client-geo-location x-client-region x-country x-country-code
        x-geo-country x-geo-country-code x-geo-city x-geo-region x-geoip-country x-geoip-country-code x-vercel-ip-country
        x-vercel-ip-city x-vercel-ip-country-region x-vercel-id x-vercel-forwarded-for x-nf-client-connection-ip x-nf-geo
        x-device x-device-type x-mobile x-ua-device x-wap-profile x-operamini-phone-ua x-operamini-features
        via x-varnish x-vinyl max-forwards surrogate-capability x-request-id x-correlation-id request-id x-trace-id x-request-start
        x-queue-start traceparent tracestate baggage b3 x-b3-traceid x-b3-spanid x-b3-parentspanid x-b3-sampled x-b3-flags
        x-cloud-trace-context x-datadog-trace-id x-datadog-parent-id x-datadog-sampling-priority x-datadog-origin
        sentry-trace newrelic uber-trace-id x-instana-t x-instana-s x-instana-l
        """;

    /// <summary>What the client would like: language, format, part of a page, a mode of a framework.</summary>
    private const string Preference =
        """
        accept accept-charset accept-datetime accept-language accept-patch accept-version accept-profile
        user-agent referer referrer origin from dnt sec-gpc save-data device-memory dpr viewport-width width downlink ect rtt
        content-dpr priority pragma prefer want-digest want-repr-digest want-content-digest a-im im delta-base cache-control content-type content-length
        content-encoding
        content-language content-disposition content-location content-md5 digest expect date warning early-data service-worker
        service-worker-navigation-preload purpose x-purpose x-moz upgrade-insecure-requests available-dictionary dictionary-id
        idempotency-key last-event-id sec-purpose sec-fetch-dest sec-fetch-mode sec-fetch-site sec-fetch-user
        sec-fetch-storage-access sec-ch-ua sec-ch-ua-arch sec-ch-ua-bitness sec-ch-ua-form-factors sec-ch-ua-full-version
        sec-ch-ua-full-version-list sec-ch-ua-mobile sec-ch-ua-model sec-ch-ua-platform sec-ch-ua-platform-version sec-ch-ua-wow64
        sec-ch-prefers-color-scheme sec-ch-prefers-reduced-motion sec-ch-prefers-reduced-transparency sec-ch-prefers-contrast
        sec-ch-device-memory sec-ch-dpr sec-ch-width sec-ch-viewport-width sec-ch-viewport-height sec-ch-save-data sec-websocket-key
        sec-websocket-protocol sec-websocket-version sec-websocket-extensions access-control-request-method
        access-control-request-headers access-control-request-private-network x-requested-with x-requested-by x-request-type x-pjax
        x-pjax-container x-inertia x-inertia-version x-inertia-partial-data x-inertia-partial-component x-inertia-partial-except
        x-inertia-error-bag x-inertia-reset hx-request hx-boosted hx-target hx-trigger hx-trigger-name hx-current-url hx-prompt
        hx-history-restore-request turbo-frame turbolinks-referrer x-turbo-request-id up-version up-target up-mode up-fail-target
        up-context rsc next-url next-action next-router-state-tree next-router-prefetch next-router-segment-prefetch x-nextjs-data
        x-nextjs-cache x-nextjs-html-request-id x-now-route-matches x-matched-path x-invoke-path x-invoke-query x-invoke-status
        x-invoke-output x-invoke-error x-middleware-invoke x-middleware-next x-middleware-prefetch x-middleware-rewrite
        x-middleware-redirect x-middleware-subrequest x-middleware-subrequest-id x-middleware-override-headers x-middleware-set-cookie x-middleware-skip
        x-prerender-revalidate x-prerender-revalidate-if-generated x-prerender-bypass x-sveltekit-action x-sveltekit-invalidated
        x-react-router-spa-mode x-react-router-prerender-data x-remix-response x-astro-path x-astro-locals x-nuxt-no-ssr
        x-livewire x-livewire-navigate x-october-request-handler x-october-request-partials x-shopify-storefront-access-token
        x-magento-cache-id x-magento-vary store content-currency graphql-operation apollo-require-preflight x-apollo-operation-name
        apollographql-client-name apollographql-client-version x-grpc-web x-user-agent grpc-timeout connect-protocol-version
        x-locale x-language x-lang x-currency x-timezone timezone x-theme x-color-scheme x-app-version x-client-version x-version x-api-version
        api-version x-platform x-test x-debug x-debug-token x-forwarded-debug x-preview x-preview-token x-draft x-variant
        x-ab-test x-experiment x-feature-flags x-flags x-bucket x-cache-bypass x-no-cache x-refresh x-cache-refresh
        x-wcvs-no-cache x-http-version x-content-type-options x-frame-options x-xss-protection access-control-allow-origin
        x-att-deviceid
        """;

    /// <summary>Every name, in lower case and in a fixed order, without those that are handled by themselves.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. new[] { Identity, Target, Client, Preference }
            .SelectMany(
                names =>
                names.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Distinct(),
    ];
}
