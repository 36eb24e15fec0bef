using System.Diagnostics;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Handles a request again from its beginning, if its save ended by a deadlock or a lost connection and was not committed. Saves
/// that consist of changed rows only are repeated before that, by <see cref="SaveTransaction"/>.</summary>
internal sealed class RepetitionBehaviour<TRequest, TResponse>(AppDbContext db) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRepeatable, IRequest<TResponse>
{
    private const int MaxTries = 4;

    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        var started = Stopwatch.GetTimestamp();
        for (var tries = 1; tries < MaxTries; tries++)
        {
            try
            {
                return await next();
            }
            catch (Exception exception) when (StorageFailure.HasRolledBack(exception)
                && Stopwatch.GetElapsedTime(started) < TransientFailureRetry.MaxDuration)
            {
                db.ForgetChanges();
            }
        }

        return await next();
    }
}
