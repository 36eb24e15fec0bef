namespace MetaMessaging.WebUI.Security;

/// <summary>The security headers of all answers: browsers run no inline script and load nothing from other hosts.</summary>
internal static class ContentSecurity
{
    /// <summary>The policy of endpoints that serve files which customers sent: a browser that opens one runs and loads nothing.</summary>
    public const string ReceivedFiles = "received-files";

    /// <param name="isHttps">Whether browsers are told to use https only, for a year.</param>
    public static IServiceCollection AddContentSecurity(this IServiceCollection services, bool isHttps)
    {
        var pages = PageHeaders(isHttps, allowInline: false);
        var vendorPages = PageHeaders(isHttps, allowInline: true);
        services.AddSecurityHeaderPolicies()
            .SetDefaultPolicy(pages)
            .AddPolicy(ReceivedFiles, CommonHeaders(isHttps).AddContentSecurityPolicy(csp =>
            {
                csp.AddDefaultSrc().None();
                csp.AddFrameAncestors().None();
                csp.AddSandbox();
            }))
            .SetPolicySelector(context => context.EndpointPolicy ?? (IsVendorPage(context.HttpContext.Request) ? vendorPages : pages));
        return services;
    }

    /// <summary>Hangfire's dashboard and the API reference bring their own inline scripts and styles.</summary>
    private static bool IsVendorPage(HttpRequest request)
    {
        var path = request.PathBase.Add(request.Path);   // Hangfire answers with its own address as the base
        return path.StartsWithSegments("/hangfire") || path.StartsWithSegments("/api/docs");
    }

    private static HeaderPolicyCollection CommonHeaders(bool isHttps)
    {
        var headers = new HeaderPolicyCollection()
            .AddFrameOptionsDeny()
            .AddContentTypeOptionsNoSniff()
            .AddReferrerPolicyStrictOriginWhenCrossOrigin()
            .RemoveServerHeader();
        return isHttps ? headers.AddStrictTransportSecurityMaxAge() : headers;
    }

    private static HeaderPolicyCollection PageHeaders(bool isHttps, bool allowInline) => CommonHeaders(isHttps)
        .AddContentSecurityPolicy(csp =>
        {
            csp.AddDefaultSrc().Self();
            csp.AddImgSrc().Self().Data().Blob();
            csp.AddMediaSrc().Self();
            csp.AddObjectSrc().None();
            csp.AddFrameAncestors().None();
            csp.AddBaseUri().Self();
            csp.AddFormAction().Self();
            var script = csp.AddScriptSrc().Self();
            var style = csp.AddStyleSrc().Self();
            if (!allowInline) return;
            script.UnsafeInline().UnsafeEval();
            style.UnsafeInline();
        });
}
