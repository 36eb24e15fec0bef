using Microsoft.Extensions.Time.Testing;

namespace MetaMessaging.Testing;

/// <summary>One test's outside world.</summary>
public sealed class Fakes
{
    public FakeTimeProvider Clock { get; } = new(Some.Now);

    public FakeMetaOAuth MetaOAuth { get; } = new();

    public FakeMetaPages MetaPages { get; } = new();

    public FakeMetaMessages MetaMessages { get; } = new();

    public FakeMetaProfiles MetaProfiles { get; } = new();

    public FakeDispatcher Dispatcher { get; } = new();

    public FakeBudget Budget { get; } = new();

    public FakeJobs Jobs { get; } = new();

    public FakeJobHistory JobHistory { get; } = new();

    public FakeLive Live { get; } = new();

    public FakeMedia Media { get; } = new();

    public FakeLoadShedding Load { get; } = new();

    public FakeInbox Inbox { get; } = new();

    public FakeCaller Caller { get; } = new();

    public FakeClientInfo ClientInfo { get; } = new();

    public FakeSignInLimit SignInLimit { get; } = new();

    public FakeAddress Address { get; } = new();
}
