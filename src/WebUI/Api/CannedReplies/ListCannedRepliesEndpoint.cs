using MediatR;
using MetaMessaging.Application.CannedReplies;
using MetaMessaging.Application.Common;
using MetaMessaging.WebUI.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MetaMessaging.WebUI.Api.CannedReplies;

internal sealed class ListCannedRepliesEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/canned-replies", HandleAsync)
        .RequireAuthorization(Policies.ReadConversations)
        .WithTags("Canned replies").WithSummary("Lists canned replies, newest first");

    private static async Task<Ok<Page<CannedReplyModel>>> HandleAsync(
        IMediator mediator, CancellationToken cancellationToken, int? limit = null, string? cursor = null) =>
        TypedResults.Ok(await mediator.Send(new ListCannedReplies(limit, cursor), cancellationToken));
}
