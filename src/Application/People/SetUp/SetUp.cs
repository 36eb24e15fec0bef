using FluentValidation;
using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Organizations;

namespace MetaMessaging.Application.People;

/// <summary>The first start: the first system administrator, who is also everything in the first organization. Works once.</summary>
public sealed record SetUp(string? Organization, string? Name, string? Email, string? Password) : IRequest<Person>;

internal sealed class SetUpValidator : AbstractValidator<SetUp>
{
    public SetUpValidator()
    {
        RuleFor(s => s.Organization).NotEmpty().MaximumLength(200);
        RuleFor(s => s.Name).NotEmpty().MaximumLength(200);
        RuleFor(s => s.Email).NotEmpty().EmailAddress().MaximumLength(256);
        RuleFor(s => s.Password).NotEmpty();
    }
}

internal sealed class SetUpHandler(IAppDbContext db, IUserAccounts people, TimeProvider clock) : IRequestHandler<SetUp, Person>
{
    public async Task<Person> Handle(SetUp request, CancellationToken cancellationToken)
    {
        if (await people.AnyAsync(cancellationToken))
            throw new ConflictException("already_set_up", "This installation is already set up. Sign in instead.");

        var person = await people.CreateAsync(
            new NewPerson(request.Email!, request.Name!, request.Password!, IsSystemAdmin: true), cancellationToken);
        var organization = new Organization(request.Organization!.Trim(), clock.GetUtcNow());
        db.Organizations.Add(organization);
        await db.SaveChangesAsync(cancellationToken);

        db.Memberships.Add(new Membership(organization.Id, person.Id, OrganizationRoles.All));
        await db.SaveChangesAsync(cancellationToken);
        return person;
    }
}
