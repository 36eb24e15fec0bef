namespace MetaMessaging.WebUI.Security;

/// <summary>What browsers may do with our answers: nothing inline, nothing foreign.</summary>
internal static class ContentSecurity
{
    /// <summary>The policy of endpoints that hand out files from strangers: opened on its own, such a file may do nothing at all.</summary>
    public const string StrangersFiles = "strangers-files";

    public static IServiceCollection AddContentSecurity(this IServiceCollection services)
    {
        var pages = Policies(inline: false);
        var vendorPages = Policies(inline: true);
        services.AddSecurityHeaderPolicies()
            .SetDefaultPolicy(pages)
            .AddPolicy(StrangersFiles, Basics().AddContentSecurityPolicy(csp =>
            {
                csp.AddDefaultSrc().None();
                csp.AddFrameAncestors().None();
                csp.AddSandbox();
            }))
            .SetPolicySelector(context => context.EndpointPolicy ?? (IsVendorPage(context.HttpContext.Request.Path) ? vendorPages : pages));
        return services;
    }

    /// <summary>Hangfire's dashboard and the API reference bring their own inline scripts and styles.</summary>
    private static bool IsVendorPage(PathString path) => path.StartsWithSegments("/hangfire") || path.StartsWithSegments("/api/docs");

    private static HeaderPolicyCollection Basics() => new HeaderPolicyCollection()
        .AddFrameOptionsDeny()
        .AddContentTypeOptionsNoSniff()
        .AddReferrerPolicyStrictOriginWhenCrossOrigin()
        .RemoveServerHeader();

    private static HeaderPolicyCollection Policies(bool inline) => Basics()
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
            if (!inline) return;
            script.UnsafeInline().UnsafeEval();
            style.UnsafeInline();
        });
}
