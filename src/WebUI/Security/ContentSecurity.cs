namespace MetaMessaging.WebUI.Security;

/// <summary>The security headers of all answers: browsers run no inline script and load nothing from other hosts.</summary>
internal static class ContentSecurity
{
    /// <summary>The policy of endpoints that serve files which customers sent: a browser that opens one runs and loads nothing.</summary>
    public const string ReceivedFiles = "received-files";

    public static IServiceCollection AddContentSecurity(this IServiceCollection services)
    {
        var pages = PageHeaders(allowInline: false);
        var vendorPages = PageHeaders(allowInline: true);
        services.AddSecurityHeaderPolicies()
            .SetDefaultPolicy(pages)
            .AddPolicy(ReceivedFiles, CommonHeaders().AddContentSecurityPolicy(csp =>
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

    private static HeaderPolicyCollection CommonHeaders() => new HeaderPolicyCollection()
        .AddFrameOptionsDeny()
        .AddContentTypeOptionsNoSniff()
        .AddReferrerPolicyStrictOriginWhenCrossOrigin()
        .RemoveServerHeader();

    private static HeaderPolicyCollection PageHeaders(bool allowInline) => CommonHeaders()
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
