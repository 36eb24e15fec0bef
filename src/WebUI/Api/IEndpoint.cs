using System.Text.Json;

namespace MetaMessaging.WebUI.Api;

/// <summary>One slice that HTTP can reach. A slice without one can't be reached from outside.</summary>
internal interface IEndpoint
{
    static abstract void Map(IEndpointRouteBuilder routes);
}

internal static class EndpointMapping
{
    /// <summary>Maps every <see cref="IEndpoint"/> of this assembly.</summary>
    public static void MapEndpoints(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").AddEndpointFilter<Security.AntiforgeryForCookies>().AddEndpointFilterFactory(KnownQuery.Require);
        foreach (var endpoint in typeof(IEndpoint).Assembly.GetTypes().Where(t => t.IsClass && t.IsAssignableTo(typeof(IEndpoint))))
        {
            // The slice's name is the endpoint's, and so the operationId in the OpenAPI document.
            var named = group.MapGroup("").WithName(JsonNamingPolicy.CamelCase.ConvertName(endpoint.Name[..^"Endpoint".Length]));
            endpoint.GetMethod(nameof(IEndpoint.Map))!.Invoke(null, [named]);
        }
    }
}
