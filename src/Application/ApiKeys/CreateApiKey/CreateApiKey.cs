namespace MetaMessaging.Application.ApiKeys;

/// <summary>Creates an API key for software that acts for the organization.</summary>
public sealed record CreateApiKey(string? Name, IReadOnlyList<string>? Scopes) : IRequest<CreatedApiKey>, IRepeatable;

/// <param name="Key">Only its hash is stored, so it cannot be shown again.</param>
public sealed record CreatedApiKey(long Id, string Name, IReadOnlyList<string> Scopes, string Key);

internal sealed class CreateApiKeyValidator : AbstractValidator<CreateApiKey>
{
    public CreateApiKeyValidator()
    {
        RuleFor(k => k.Name).IsName(100);
        RuleFor(k => k.Scopes).NotEmpty().WithMessage("Choose at least one scope.");
        RuleForEach(k => k.Scopes).Must(scope => ApiKeyScopes.All.Contains(scope)).OverridePropertyName("scopes")
            .WithMessage($"The scopes are {string.Join(", ", ApiKeyScopes.All)}.");
    }
}

internal sealed class CreateApiKeyHandler(
    IAppDbContext db, AuditLog audit, OrganizationScope scope, ICaller caller, TimeProvider clock)
    : IRequestHandler<CreateApiKey, CreatedApiKey>
{
    public async Task<CreatedApiKey> Handle(CreateApiKey request, CancellationToken cancellationToken)
    {
        var (row, key) = ApiKey.Create(scope.OrganizationId!.Value, request.Name!, request.Scopes!, caller.UserId, clock.GetUtcNow());
        db.ApiKeys.Add(row);
        await db.SaveChangesAsync(async token =>
        {
            audit.Record(
                AuditActions.ApiKeyCreated, AuditTarget.Of(row, row.Name), new AuditChange("scopes", null, row.Scopes));
            await db.SaveChangesAsync(token);
        }, cancellationToken);
        return new CreatedApiKey(row.Id, row.Name, row.Scopes, key);
    }
}
