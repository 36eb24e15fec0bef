using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Infrastructure;
using MetaMessaging.Infrastructure.Persistence;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.Testing;

/// <summary>The slices on a SQLite file: one container a test class, a fresh database and fresh fakes a test.</summary>
public class SliceFixture : IAsyncDisposable
{
    private readonly TestFolder folder = new();
    private ServiceProvider? services;
    private int databases;
    private string? connectionString;

    /// <summary>Why this database cannot be used on this machine; null when it can.</summary>
    public virtual Task<string?> SkipReasonAsync() => Task.FromResult<string?>(null);

    internal Fakes Fakes { get; private set; } = new();

    internal IServiceProvider Services => services ?? throw new InvalidOperationException("The test has not begun.");

    internal string ConnectionString => connectionString ?? throw new InvalidOperationException("The test has not begun.");

    protected virtual string Provider => "Sqlite";

    internal async Task BeginAsync()
    {
        Fakes = new Fakes();
        connectionString = await FreshDatabaseAsync();
        services ??= SliceServices.Build(Provider, connectionString, () => Fakes);
        services.Use(connectionString);
        services.GetRequiredService<IMetaApp>().Invalidate();
    }

    internal virtual void End()
    {
        if (connectionString is null) return;
        using var connection = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(connection);
    }

    /// <summary>In a new scope, as the app does; jobs run in the system scope.</summary>
    internal async Task<T> SendAsync<T>(IRequest<T> request, long? organizationId)
    {
        await using var work = Services.CreateAsyncScope();
        var scope = work.ServiceProvider.GetRequiredService<OrganizationScope>();
        if (request is IJob) scope.EnterAllOrganizations();
        else if (organizationId is { } id) scope.Enter(id);
        return await work.ServiceProvider.GetRequiredService<IMediator>().Send(request, TestContext.Current.CancellationToken);
    }

    internal async Task<T> InSystemAsync<T>(Func<IServiceProvider, Task<T>> work)
    {
        await using var scope = Services.CreateAllOrganizationsScope();
        return await work(scope.ServiceProvider);
    }

    /// <summary>Saves an entity and everything it refers to, without raising domain events.</summary>
    internal Task<T> GivenAsync<T>(T entity) where T : class => InSystemAsync(async scope =>
    {
        await scope.GetRequiredService<AppDbContext>().SeedAsync(entity);
        return entity;
    });

    public virtual async ValueTask DisposeAsync()
    {
        if (services is not null) await services.DisposeAsync();
        folder.Dispose();
    }

    protected virtual async Task<string> FreshDatabaseAsync()
    {
        var file = folder.File($"{++databases}.db");
        await SqliteTemplate.CopyToAsync(file);
        return $"Data Source={file}";
    }
}
