using System.Text.Json;
using MetaMessaging.Application.Audit;
using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.WebUI.Api.Audit;

internal sealed class ListAuditEntriesEndpoint : IEndpoint
{
    internal const string Filters =
        "`actor` is an id, a type (`person`, `apiKey`, `system`), both (`person:1`) or a part of the name. `action` is an action or the "
        + "first part of one (`signIn`), `target` a type, an id or both (`contact:12`). `from` is inclusive, `to` exclusive. Admins see "
        + "their organization; system administrators see the installation, or one organization with `organizationId`.";

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/audit", HandleAsync)
        .RequireAuthorization(Policies.Admin)
        .WithTags("Audit").WithSummary("Lists who changed what, newest first")
        .WithDescription(Filters)
        .WithParameterExample("actor", "person:1").WithParameterExample("action", "apiKey.created")
        .WithParameterExample("target", "apiKey").WithParameterExample("organizationId", 1)
        .WithExamples(new AuditEntryModel(
            4711, ExampleValues.At, new OrganizationModel(1, "Blue Cup Coffee"),
            new AuditActor(AuditActorType.Person, 1, "Maria Lind"), AuditActions.ApiKeyCreated,
            new AuditTargetModel("apiKey", 4L, "Order system"),
            new Dictionary<string, IReadOnlyList<JsonElement>>
            {
                ["scopes"] = [JsonElement.Parse("null"), JsonElement.Parse("""["messages:send","conversations:read"]""")],
            },
            "203.0.113.9"));

    private static async Task<Ok<Page<AuditEntryModel>>> HandleAsync(
        string? actor, string? action, string? target, DateTimeOffset? from, DateTimeOffset? to, long? organizationId, int? limit,
        string? cursor, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(
            new ListAuditEntries(actor, action, target, from, to, organizationId, limit, cursor), cancellationToken));
}
