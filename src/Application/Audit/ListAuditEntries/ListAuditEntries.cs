namespace MetaMessaging.Application.Audit;

/// <summary>Who did what in the caller's organization, newest first; system administrators see the whole installation.</summary>
public sealed record ListAuditEntries(
    string? Actor = null, string? Action = null, string? Target = null, DateTimeOffset? From = null, DateTimeOffset? To = null,
    long? OrganizationId = null, int? Limit = null, string? Cursor = null) : IRequest<Page<AuditEntryModel>>, IPaged, IAuditFilter;

internal sealed class ListAuditEntriesValidator : AbstractValidator<ListAuditEntries>
{
    public ListAuditEntriesValidator()
    {
        Include(new PagedValidator());
        Include(new AuditFilterValidator());
    }
}

internal sealed class ListAuditEntriesHandler(AuditReader reader) : IRequestHandler<ListAuditEntries, Page<AuditEntryModel>>
{
    public Task<Page<AuditEntryModel>> Handle(ListAuditEntries request, CancellationToken cancellationToken) =>
        reader.ReadAsync(request, request, cancellationToken);
}
