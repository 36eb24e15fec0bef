namespace MetaMessaging.Application.Organizations;

/// <summary>Every organization of the installation, newest first.</summary>
public sealed record ListOrganizations(int? Limit = null, string? Cursor = null) : IRequest<Page<OrganizationOverview>>, IPaged;

internal sealed class ListOrganizationsValidator : AbstractValidator<ListOrganizations>
{
    public ListOrganizationsValidator() => Include(new PagedValidator());
}

internal sealed class ListOrganizationsHandler(IAppDbContext db, TimeProvider clock)
    : IRequestHandler<ListOrganizations, Page<OrganizationOverview>>
{
    public async Task<Page<OrganizationOverview>> Handle(ListOrganizations request, CancellationToken cancellationToken)
    {
        var page = await db.Organizations.AsNoTracking().ToPageAsync(request, o => o.CreatedAt, cancellationToken);
        return new Page<OrganizationOverview>(
            await db.DescribeAsync(page.Items, clock.GetUtcNow(), cancellationToken), page.NextCursor);
    }
}
