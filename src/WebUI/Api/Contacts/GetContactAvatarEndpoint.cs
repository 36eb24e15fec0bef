using MetaMessaging.Application.Contacts;

namespace MetaMessaging.WebUI.Api.Contacts;

internal sealed class GetContactAvatarEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/contacts/{id:long}/avatar", HandleAsync)
        .RequireAuthorization(Policies.ReadContacts)
        .WithSecurityHeadersPolicy(ContentSecurity.ReceivedFiles)
        .WithTags("Contacts").WithSummary("Gets a contact's picture")
        .WithProblems("avatar_not_found");

    private static async Task<FileStreamHttpResult> HandleAsync(
        long id, HttpContext context, IMediator mediator, CancellationToken cancellationToken) =>
        MediaAnswer.Of(context, await mediator.Send(new GetContactAvatar(id), cancellationToken));
}
