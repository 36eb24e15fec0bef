using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Outbound;

/// <summary>Meta takes the human-agent tag for what a person wrote only, so software has to say who did.</summary>
internal sealed class HumanAuthor(IAppDbContext db, ICaller caller, OrganizationScope scope)
{
    /// <summary>Asked for once, however many messages are sent again in the name of one person.</summary>
    private (long UserId, bool IsMember)? known;

    private bool IsPerson => caller.Sender.Origin is not MessageOrigin.Api;

    /// <returns>Whether the tag may be used when it is needed.</returns>
    /// <exception cref="DomainException">human_agent_required</exception>
    public async Task<bool> StandsBehindAsync(MessageTag? tag, long? agentId, CancellationToken cancellationToken)
    {
        if (tag is not MessageTag.HumanAgent) return false;
        if (IsPerson) return true;

        return agentId is { } userId && await IsMemberAsync(userId, cancellationToken) ? true : throw new DomainException(
            "human_agent_required", "The human-agent tag is for what a person wrote: name them with agentId, a member of this organization.");
    }

    /// <summary>A person who retries what a person wrote need not ask for the tag; software has to, as when it sends.</summary>
    /// <inheritdoc cref="StandsBehindAsync"/>
    public async Task<bool> RetriesAsHumanAsync(Message message, MessageTag? tag, long? agentId, CancellationToken cancellationToken) =>
        IsPerson ? message.IsByHuman : await StandsBehindAsync(tag, agentId, cancellationToken);

    private async Task<bool> IsMemberAsync(long userId, CancellationToken cancellationToken)
    {
        if (known?.UserId != userId)
            known = (userId, await db.Memberships.AnyAsync(m => m.UserId == userId && m.OrganizationId == scope.OrganizationId, cancellationToken));
        return known.Value.IsMember;
    }
}
