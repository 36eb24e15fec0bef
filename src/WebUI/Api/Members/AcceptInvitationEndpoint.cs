using MetaMessaging.Application.Members;
using MetaMessaging.Application.UserAccounts;
using MetaMessaging.WebUI.Api.UserAccounts;
using Microsoft.AspNetCore.Authentication.BearerToken;

namespace MetaMessaging.WebUI.Api.Members;

internal sealed class AcceptInvitationEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/auth/invitations/accept", HandleAsync)
        .AllowAnonymous()   // authenticated by the invitation's token
        .Produces<AccessTokenResponse>()
        .WithTags("Members").WithSummary("Accepts an invitation")
        .WithDescription(
            "A person without an account chooses a name and a password. A person with an account signs in first and sends the token alone. "
            + "The answer's tokens work in the organization of the invitation.")
        .WithProblems("account_exists", "already_member", "invitation_expired", "invitation_for_another_address")
        .WithExamples(new Acceptance("4Tj9…", "Ada Byron", "correct horse battery"), SignInEndpoint.Tokens);

    private static async Task<SignInHttpResult> HandleAsync(
        Acceptance body, HttpContext http, IMediator mediator, CancellationToken cancellationToken)
    {
        var accepted = await mediator.Send(
            new AcceptInvitation(body.Token, body.Name, body.Password, http.User.UserId()), cancellationToken);
        var session = await mediator.Send(new StartSession(accepted.User.Id, accepted.OrganizationId), cancellationToken);
        return TypedResults.SignIn(
            UserPrincipal.Of(accepted.User, session, BearerTokenDefaults.AuthenticationScheme),
            authenticationScheme: BearerTokenDefaults.AuthenticationScheme);
    }

    internal sealed record Acceptance(string? Token, string? Name, string? Password);
}
