using MediatR;
using MetaMessaging.Application.Conversations;
using MetaMessaging.Application.Outbound;
using MetaMessaging.WebUI.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MetaMessaging.WebUI.Api.Outbound;

internal sealed class SendMessageEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/messaging/send", HandleAsync)
        .RequireAuthorization(Policies.SendMessages)
        .WithTags("Sending").WithSummary("Sends a message")
        .WithDescription("Answers 202 once the message is durably queued. With `Prefer: wait=10` it answers 200 as soon as the message is sent or has failed, else 202 after that many seconds (at most 30).");

    private static async Task<Results<Ok<SendMessageAnswer>, Accepted<SendMessageAnswer>>> HandleAsync(
        SendMessage request, HttpRequest http, IMediator mediator, MessageOutcome outcome, CancellationToken cancellationToken)
    {
        var message = await mediator.Send(request, cancellationToken);
        if (PreferredWait.Of(http) is { } atMost)
        {
            var settled = await outcome.WaitAsync(message.Id, atMost, cancellationToken);
            if (settled is not null) return TypedResults.Ok(new SendMessageAnswer([settled]));
        }

        return TypedResults.Accepted($"/api/messages/{message.Id}", new SendMessageAnswer([message]));
    }
}

internal sealed record SendMessageAnswer(IReadOnlyList<MessageModel> Messages);
