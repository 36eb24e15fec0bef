namespace MetaMessaging.Application.Members;

/// <summary>Changes a member's roles, or deactivates or activates the member; what is absent stays as it is.</summary>
public sealed record UpdateMember(long UserId, IReadOnlyList<OrganizationRoles>? Roles, MembershipState? State) : IRequest<MemberModel>;

internal sealed class UpdateMemberValidator : AbstractValidator<UpdateMember>
{
    public UpdateMemberValidator()
    {
        RuleFor(u => u.Roles).AreRoles().When(u => u.Roles is not null);
        RuleFor(u => u.State).IsInEnum();
    }
}

internal sealed class UpdateMemberHandler(IAppDbContext db, MembershipChange change, ILiveConnections live, AuditLog audit)
    : IRequestHandler<UpdateMember, MemberModel>
{
    public async Task<MemberModel> Handle(UpdateMember request, CancellationToken cancellationToken)
    {
        if (request.State is MembershipState.Deactivated) await change.UnassignAsync(request.UserId, cancellationToken);
        MemberModel? changed = null;
        await db.SaveChangesAsync(async token => changed = await ChangeAsync(request, token), cancellationToken);
        if (request.Roles is not null) await CloseLiveConnectionsAsync(request.UserId, cancellationToken);
        return changed!;
    }

    /// <summary>They were opened with the earlier roles; pages open them again with those of now.</summary>
    private async Task CloseLiveConnectionsAsync(long userId, CancellationToken cancellationToken)
    {
        var sessions = await db.UserSessions.Where(s => s.UserId == userId).Select(s => s.Id).ToListAsync(cancellationToken);
        sessions.ForEach(id => live.Close(new LiveCaller(id, ApiKeyId: null)));
    }

    private async Task<MemberModel> ChangeAsync(UpdateMember request, CancellationToken cancellationToken)
    {
        var (membership, account) = await change.LockAsync(request.UserId, cancellationToken);
        var (roles, state, wasAdmin) = (membership.Roles, membership.State, membership.IsActiveAdmin);
        if (request.State is MembershipState.Deactivated && state is MembershipState.Active)
            await change.EndWorkAsync(membership, cancellationToken);

        membership.Change(request.Roles?.Combine() ?? roles, request.State ?? state);
        if (wasAdmin && !membership.IsActiveAdmin) await change.EnsureAnotherAdminAsync(membership, cancellationToken);
        audit.Record(
            AuditActions.MemberChanged, AuditTarget.User(account.Id, account.Name),
            new AuditChange("roles", roles.ToList(), membership.Roles.ToList()), new AuditChange("state", state, membership.State));
        await db.SaveChangesAsync(cancellationToken);
        return MemberModel.Of(membership, account, forAdmin: true);
    }
}
