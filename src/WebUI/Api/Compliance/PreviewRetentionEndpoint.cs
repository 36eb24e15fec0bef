using MetaMessaging.Application.Compliance;

namespace MetaMessaging.WebUI.Api.Compliance;

internal sealed class PreviewRetentionEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/settings/retention/preview", HandleAsync)
        .RequireAuthorization(Policies.Admin)
        .WithTags("Retention").WithSummary("Counts what a change of retention would delete")
        .WithDescription("At most 10,000 of each kind are counted; `isMore` says that there are more.")
        .WithParameterExample("messageDays", 730).WithParameterExample("mediaDays", 180).WithParameterExample("deliveryDays", 14)
        .WithParameterExample("auditDays", 365)
        .WithExamples(new RetentionPreview(
            new RetentionCount(10_000, true), new RetentionCount(120, false), new RetentionCount(12, false),
            new RetentionCount(810, false), new RetentionCount(0, false), new RetentionCount(0, false)));

    private static async Task<Ok<RetentionPreview>> HandleAsync(
        int? messageDays, int? mediaDays, int? deliveryDays, int? auditDays, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new PreviewRetention(messageDays, mediaDays, deliveryDays, auditDays), cancellationToken));
}
