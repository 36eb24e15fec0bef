namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Turns a failure of the database into the refusal that clients understand, whichever request meets it.</summary>
internal sealed class StorageBehaviour<TRequest, TResponse>(StorageHealth health) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        try
        {
            return await next();
        }
        catch (Exception exception) when (exception is not UnavailableException && StorageFailure.ReasonOf(exception) is { } reason)
        {
            health.RecordFailure(reason);
            throw UnavailableException.OfStorage(reason, exception);
        }
    }
}
