namespace MetaMessaging.Application.Members;

internal static class RoleRules
{
    public static IRuleBuilderOptions<T, IReadOnlyList<OrganizationRoles>?> AreRoles<T>(
        this IRuleBuilder<T, IReadOnlyList<OrganizationRoles>?> rule) =>
        rule.NotEmpty().WithMessage("Choose at least one role.")
            .Must(roles => roles is null || roles.All(role => role.IsSingle())).WithMessage("The roles are admin, agent and ops.");
}
