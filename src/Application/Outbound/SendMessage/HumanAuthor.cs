namespace MetaMessaging.Application.Outbound;

/// <summary>Meta allows the human-agent tag only for what a person wrote, so software has to name one.</summary>
internal sealed class HumanAuthor(IAppDbContext db, ICaller caller, OrganizationScope scope) : IScopedService
{
    /// <summary>Kept, because many messages may be retried in the name of the same person.</summary>
    private (long UserId, bool IsMember)? lastChecked;

    private bool IsPerson => caller.Sender.Origin is not MessageOrigin.Api;

    /// <returns>Whether the message may carry the tag after the 24 hours.</returns>
    public async Task<bool> IsHumanAgentAsync(MessageTag? tag, long? agentId, CancellationToken cancellationToken)
    {
        if (tag is not MessageTag.HumanAgent) return false;
        if (IsPerson) return true;

        if (agentId is { } userId && await IsMemberAsync(userId, cancellationToken)) return true;
        throw new DomainException(
            "human_agent_required",
            "The tag humanAgent is for messages that a person wrote: give the user id of that member of this organization as agentId.");
    }

    /// <summary>When a person retries what a person wrote, the tag is implied; software has to set it, as when it sends.</summary>
    /// <inheritdoc cref="IsHumanAgentAsync"/>
    public async Task<bool> IsHumanAgentOfRetryAsync(
        Message message, MessageTag? tag, long? agentId, CancellationToken cancellationToken) =>
        IsPerson ? message.IsByHuman : await IsHumanAgentAsync(tag, agentId, cancellationToken);

    private async Task<bool> IsMemberAsync(long userId, CancellationToken cancellationToken)
    {
        if (lastChecked?.UserId != userId)
        {
            lastChecked = (userId, await db.Memberships.AnyAsync(
                m => m.UserId == userId && m.OrganizationId == scope.OrganizationId && m.State == MembershipState.Active,
                cancellationToken));
        }

        return lastChecked.Value.IsMember;
    }
}
