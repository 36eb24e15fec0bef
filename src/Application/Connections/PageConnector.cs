namespace MetaMessaging.Application.Connections;

/// <summary>Connects Pages of a pending choice: asks Meta, and changes the rows without saving them.</summary>
public sealed class PageConnector(
    IAppDbContext db, AuditLog audit, ICaller caller, IUserAccounts accounts, IMetaOAuth metaOAuth, IMetaPages metaPages,
    IPublicAddress address, TimeProvider clock)
    : IScopedService
{
    public async Task<PendingConnection> FindPendingAsync(long pendingId, CancellationToken cancellationToken)
    {
        var pending = await db.PendingConnections.SingleOrDefaultAsync(p => p.Id == pendingId, cancellationToken);
        return pending?.IsOpen(clock.GetUtcNow()) is true ? pending : throw new NotFoundException("pending_connection_not_found");
    }

    /// <returns>The ids of the Pages that cannot be chosen, with the reason.</returns>
    public async Task<Dictionary<string, PageObstacle>> FindObstaclesAsync(PendingConnection pending, CancellationToken cancellationToken)
    {
        var pageIds = pending.Pages.Select(p => p.PageId).ToList();
        // Across organizations; the answer is only whether there is one.
        var elsewhere = await db.Connections.IgnoreQueryFilters()
            .Where(c => pageIds.Contains(c.PageId) && c.OrganizationId != pending.OrganizationId && c.State != ConnectionState.Disconnected)
            .Select(c => c.PageId)
            .ToListAsync(cancellationToken);

        var obstacles = new Dictionary<string, PageObstacle>();
        foreach (var page in pending.Pages)
        {
            if (elsewhere.Contains(page.PageId)) obstacles[page.PageId] = PageObstacle.OwnedByOtherOrganization;
            else if (!page.MayMessage) obstacles[page.PageId] = PageObstacle.NoMessagingTask;
            else if (page.PageAccessToken is null) obstacles[page.PageId] = PageObstacle.MissingPermission;
        }

        return obstacles;
    }

    /// <exception cref="DomainException">page_not_found, page_not_connectable, page_already_connected</exception>
    public async Task<PageConnection> ConnectAsync(
        PendingConnection pending, string pageId, IReadOnlyDictionary<string, PageObstacle> obstacles, CancellationToken cancellationToken)
    {
        var page = pending.Pages.FirstOrDefault(p => p.PageId == pageId) ?? throw new NotFoundException("page_not_found");
        if (obstacles.TryGetValue(pageId, out var obstacle)) throw RefusalOf(page, obstacle);

        var (token, now) = (page.PageAccessToken!, clock.GetUtcNow());
        var inspection = await NullIfRefusedAsync(() => metaOAuth.InspectTokenAsync(token, cancellationToken));
        var pageProblem = await metaPages.SubscribePageAsync(pageId, token, cancellationToken);
        var appProblem = await NullIfRefusedAsync(() => metaPages.CheckAppSubscriptionsAsync(
            address.Webhook(), page.InstagramAccountId is not null, cancellationToken));

        var connection = await db.Connections.SingleOrDefaultAsync(c => c.PageId == pageId, cancellationToken);
        if (connection is null) db.Connections.Add(connection = new PageConnection(pending.OrganizationId, pageId));
        connection.Connect(
            page, pending.MetaUserId, pending.UserId, inspection?.ExpiresAt, now, inspection?.DataAccessExpiresAt, address.Webhook());
        connection.Report(ConnectionProblemCode.PageSubscription, pageProblem, now);
        connection.Report(ConnectionProblemCode.AppSubscription, appProblem, now);
        return connection;
    }

    /// <summary>Saves what was connected; the choice is used up by it.</summary>
    public async Task SaveAsync(
        PendingConnection pending, IReadOnlyCollection<PageConnection> connected, CancellationToken cancellationToken)
    {
        var pages = pending.Pages;
        pending.Use(clock.GetUtcNow());
        try
        {
            var actor = await ActorAsync(pending, cancellationToken);
            await db.SaveChangesAsync(async token =>
            {
                foreach (var connection in connected) RecordConnected(connection, actor);
                await db.SaveChangesAsync(token);
            }, cancellationToken);
        }
        catch (DbUpdateException exception) when (exception is not DbUpdateConcurrencyException)
        {
            var pageIds = connected.Select(c => c.PageId).ToList();
            // A Page was connected at the same time, and its index admits one row: by another organization, or by this one.
            var rows = await db.Connections.IgnoreQueryFilters().AsNoTracking()
                .Where(c => pageIds.Contains(c.PageId))
                .Select(c => new { c.PageId, c.OrganizationId, c.State })
                .ToListAsync(cancellationToken);
            var elsewhere = rows.Find(c => c.OrganizationId != pending.OrganizationId && c.State is not ConnectionState.Disconnected);
            if (elsewhere is not null)
                throw RefusalOf(pages.First(p => p.PageId == elsewhere.PageId), PageObstacle.OwnedByOtherOrganization);
            if (rows.Count == 0) throw;
            throw new DbUpdateConcurrencyException("The Page was connected at the same time.", exception);
        }
    }

    /// <summary>A browser that Meta sends back may be signed in no longer; then it is the person who started the dialog.</summary>
    private async Task<AuditActor> ActorAsync(PendingConnection pending, CancellationToken cancellationToken)
    {
        if (caller.Actor is { Type: not AuditActorType.System } actor) return actor;
        var names = await accounts.NamesAsync([pending.UserId], cancellationToken);
        return new AuditActor(AuditActorType.Person, pending.UserId, names.GetValueOrDefault(pending.UserId, ""));
    }

    private void RecordConnected(PageConnection connection, AuditActor actor) => audit.Record(
        connection.OrganizationId, actor, AuditActions.ConnectionConnected, AuditTarget.Of(connection, connection.PageName),
        new AuditChange("pageId", null, connection.PageId), new AuditChange("igAccountId", null, connection.IgAccountId));

    private static DomainException RefusalOf(ConnectablePage page, PageObstacle obstacle) => obstacle switch
    {
        PageObstacle.OwnedByOtherOrganization => new ConflictException(
            "page_already_connected", $"{page.PageName} is connected to another organization of this installation."),
        PageObstacle.NoMessagingTask => new DomainException(
            "page_not_connectable", $"The person's role on {page.PageName} does not include its messages."),
        _ => new DomainException(
            "page_not_connectable", $"Meta granted no access to {page.PageName}. "
            + "The person who connects needs a role on the Page that may manage messages."),
    };

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
