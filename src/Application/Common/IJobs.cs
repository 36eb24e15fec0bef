using MediatR;

namespace MetaMessaging.Application.Common;

/// <summary>Work for later. Carries ids only, re-reads its row and returns when the work is done or not due.</summary>
public interface IJob : IRequest;

/// <summary>Deferred and repeated work. The database is the truth, this is the clock.</summary>
public interface IJobs
{
    void Enqueue(IJob job);

    void Schedule(IJob job, DateTimeOffset at);
}
