using MetaMessaging.Application.Audit;

namespace MetaMessaging.WebUI.Api.Audit;

internal sealed class ExportAuditEntriesEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/audit.csv", HandleAsync)
        .RequireAuthorization(Policies.Admin)
        .WithTags("Audit").WithSummary("Gets the audit log as a CSV file, newest first")
        .WithDescription($"The same entries as the list, all of them. {ListAuditEntriesEndpoint.Filters}")
        .WithParameterExample("actor", "person:1").WithParameterExample("action", "apiKey.created")
        .WithParameterExample("target", "apiKey").WithParameterExample("organizationId", 1);

    private static async Task<PushStreamHttpResult> HandleAsync(
        string? actor, string? action, string? target, DateTimeOffset? from, DateTimeOffset? to, long? organizationId, IMediator mediator,
        CancellationToken cancellationToken)
    {
        var entries = await mediator.Send(new ExportAuditEntries(actor, action, target, from, to, organizationId), cancellationToken);
        return TypedResults.Stream(file => AuditCsv.WriteAsync(entries, file, cancellationToken), "text/csv", "audit.csv");
    }
}
