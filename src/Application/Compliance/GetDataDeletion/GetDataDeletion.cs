namespace MetaMessaging.Application.Compliance;

/// <summary>What was done about a request to delete a person's data; whoever has the code may ask.</summary>
public sealed record GetDataDeletion(string ConfirmationCode) : IRequest<DataDeletionModel>;

/// <param name="Connections">How many connections lost the person's id and tokens.</param>
public sealed record DataDeletionModel(string ConfirmationCode, DateTimeOffset CompletedAt, int Connections);

internal sealed class GetDataDeletionHandler(IAppDbContext db) : IRequestHandler<GetDataDeletion, DataDeletionModel>
{
    public async Task<DataDeletionModel> Handle(GetDataDeletion request, CancellationToken cancellationToken) =>
        await db.DataDeletions.Where(d => d.ConfirmationCode == request.ConfirmationCode)
            .ProjectToType<DataDeletionModel>().SingleOrDefaultAsync(cancellationToken)
        ?? throw new NotFoundException("data_deletion_not_found");
}
