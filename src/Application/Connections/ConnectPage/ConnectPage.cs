using FluentValidation;
using Mapster;
using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Connections;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Connections;

/// <summary>Connects one of the Pages that the dialog brought back, and subscribes to its events.</summary>
public sealed record ConnectPage(long PendingId, string? PageId) : IRequest<ConnectionModel>;

internal sealed class ConnectPageValidator : AbstractValidator<ConnectPage>
{
    public ConnectPageValidator()
    {
        RuleFor(c => c.PendingId).GreaterThan(0);
        RuleFor(c => c.PageId).NotEmpty();
    }
}

internal sealed class ConnectPageHandler(IAppDbContext db, IMetaOAuth metaOAuth, IMetaPages metaPages, IPublicAddress address, TimeProvider clock)
    : IRequestHandler<ConnectPage, ConnectionModel>
{
    public async Task<ConnectionModel> Handle(ConnectPage request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var pending = await db.PendingConnections.SingleOrDefaultAsync(p => p.Id == request.PendingId, cancellationToken);
        if (pending?.IsOpen(now) is not true) throw new NotFoundException("pending_connection_not_found");

        var page = pending.Pages.FirstOrDefault(p => p.PageId == request.PageId) ?? throw new NotFoundException("page_not_found");
        if (page.PageAccessToken is not { } token)
        {
            throw new DomainException(
                "page_not_connectable", $"Meta gave no access to {page.PageName}. The person needs a role with messaging rights on the Page.");
        }

        // Which organization owns a Page is a question across organizations; the answer is yes or no.
        if (await db.Connections.IgnoreQueryFilters().AnyAsync(
            c => c.PageId == page.PageId && c.OrganizationId != pending.OrganizationId && c.State != ConnectionState.Disconnected, cancellationToken))
        {
            throw new ConflictException("page_already_connected", $"{page.PageName} is connected to another organization of this installation.");
        }

        var tokenExpiresAt = await TokenExpiryAsync(token, cancellationToken);
        var problem = await metaPages.SubscribePageAsync(page.PageId, token, cancellationToken)
            ?? await metaPages.CheckAppSubscriptionsAsync(address.Webhook(), page.InstagramAccountId is not null, cancellationToken);

        var connection = await db.Connections.SingleOrDefaultAsync(c => c.PageId == page.PageId, cancellationToken);
        if (connection is null) db.Connections.Add(connection = new PageConnection(pending.OrganizationId, page.PageId));
        connection.Connect(page, pending.MetaUserId, pending.UserId, tokenExpiresAt, now);
        connection.Warn(problem);
        pending.Use(now);
        await db.SaveChangesAsync(cancellationToken);
        return connection.Adapt<ConnectionModel>();
    }

    /// <summary>Good to know, but no reason not to connect: the daily check asks again.</summary>
    private async Task<DateTimeOffset?> TokenExpiryAsync(string token, CancellationToken cancellationToken)
    {
        try
        {
            return (await metaOAuth.InspectTokenAsync(token, cancellationToken)).ExpiresAt;
        }
        catch (GraphException)
        {
            return null;
        }
    }
}
