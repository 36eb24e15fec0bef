using MetaMessaging.Application.Contacts;

namespace MetaMessaging.WebUI.Api.Contacts;

internal sealed class UnmergeContactEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/contacts/{id:long}/unmerge", HandleAsync)
        .RequireAuthorization(Policies.WriteContacts)
        .WithTags("Contacts").WithSummary("Takes one id off a contact again, as a contact of its own")
        .WithDescription(
            "`identityId` is the `id` of an entry of `facebook` or `instagram`; its PSID or IGSID names it, too. The answer is the new "
            + "contact, with the conversations that came with the id. Both profiles are requested from Meta again; a name that an agent "
            + "gave stays with the contact in the path.")
        .WithProblems("contact_not_found", "identity_not_found", "only_identity", "changed_meanwhile")
        .WithExamples(new UnmergeBody(8), GetContactEndpoint.Example);

    private static async Task<Created<ContactModel>> HandleAsync(
        long id, UnmergeBody body, IMediator mediator, CancellationToken cancellationToken)
    {
        var contact = await mediator.Send(new UnmergeContact(id, body.IdentityId), cancellationToken);
        return TypedResults.Created($"/api/contacts/{contact.Id}", contact);
    }

    internal sealed record UnmergeBody(long IdentityId);
}
