namespace MetaMessaging.Application.Connections;

/// <summary>Connects one of the Pages found by <see cref="HandleOAuthCallback"/> and subscribes to its webhook events.</summary>
public sealed record ConnectPage(long PendingId, string? PageId) : IRequest<ConnectionModel>;

internal sealed class ConnectPageValidator : AbstractValidator<ConnectPage>
{
    public ConnectPageValidator()
    {
        RuleFor(c => c.PendingId).GreaterThan(0);
        RuleFor(c => c.PageId).NotEmpty();
    }
}

internal sealed class ConnectPageHandler(
    IAppDbContext db, IMetaOAuth metaOAuth, IMetaPages metaPages, IPublicAddress address, TimeProvider clock)
    : IRequestHandler<ConnectPage, ConnectionModel>
{
    public async Task<ConnectionModel> Handle(ConnectPage request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var pending = await db.PendingConnections.SingleOrDefaultAsync(p => p.Id == request.PendingId, cancellationToken);
        if (pending?.IsOpen(now) is not true) throw new NotFoundException("pending_connection_not_found");

        var page = pending.Pages.FirstOrDefault(p => p.PageId == request.PageId) ?? throw new NotFoundException("page_not_found");
        var token = page.PageAccessToken ?? throw new DomainException(
            "page_not_connectable", $"Meta granted no access to {page.PageName}. "
            + "The person who connects needs a role on the Page that may manage messages.");
        await EnsureNotConnectedElsewhereAsync(page, pending.OrganizationId, cancellationToken);

        var inspection = await NullIfRefusedAsync(() => metaOAuth.InspectTokenAsync(token, cancellationToken));
        var pageProblem = await metaPages.SubscribePageAsync(page.PageId, token, cancellationToken);
        var appProblem = await NullIfRefusedAsync(() => metaPages.CheckAppSubscriptionsAsync(
            address.Webhook(), page.InstagramAccountId is not null, cancellationToken));

        var connection = await db.Connections.SingleOrDefaultAsync(c => c.PageId == page.PageId, cancellationToken);
        if (connection is null) db.Connections.Add(connection = new PageConnection(pending.OrganizationId, page.PageId));
        connection.Connect(
            page, pending.MetaUserId, pending.UserId, inspection?.ExpiresAt, now, inspection?.DataAccessExpiresAt, address.Webhook());
        connection.Report(ConnectionProblemCode.PageSubscription, pageProblem, now);
        connection.Report(ConnectionProblemCode.AppSubscription, appProblem, now);
        pending.Use(now);
        await SaveAsync(page, pending.OrganizationId, cancellationToken);
        return connection.Adapt<ConnectionModel>();
    }

    private async Task SaveAsync(ConnectablePage page, long organizationId, CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (exception is not DbUpdateConcurrencyException)
        {
            // The Page was connected at the same time, and its index admits one row: by another organization, or by this one.
            await EnsureNotConnectedElsewhereAsync(page, organizationId, cancellationToken);
            if (!await db.Connections.AsNoTracking().AnyAsync(c => c.PageId == page.PageId, cancellationToken)) throw;
            throw new DbUpdateConcurrencyException("The Page was connected at the same time.", exception);
        }
    }

    private async Task EnsureNotConnectedElsewhereAsync(ConnectablePage page, long organizationId, CancellationToken cancellationToken)
    {
        // Across organizations; the answer is only whether there is one.
        var elsewhere = db.Connections.IgnoreQueryFilters()
            .Where(c => c.PageId == page.PageId && c.OrganizationId != organizationId && c.State != ConnectionState.Disconnected);
        if (!await elsewhere.AnyAsync(cancellationToken)) return;

        throw new ConflictException(
            "page_already_connected", $"{page.PageName} is connected to another organization of this installation.");
    }

    /// <summary>A refusal does not prevent connecting, because <see cref="CheckConnection"/> asks again every day.</summary>
    private static async Task<T?> NullIfRefusedAsync<T>(Func<Task<T>> call) where T : class?
    {
        try
        {
            return await call();
        }
        catch (GraphException)
        {
            return null;
        }
    }
}
