using MetaMessaging.Infrastructure.Tests.Nodes;
using MetaMessaging.Testing;

namespace MetaMessaging.Infrastructure.Tests.Persistence;

public sealed class DatabaseTestsOnSqlServer(SqlServerSliceFixture app) : DatabaseTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class OrganizationFilterTestsOnSqlServer(SqlServerSliceFixture app)
    : OrganizationFilterTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class HungNodesOnSqlServer(SqlServerSliceFixture app) : HungNodesTests(app), IClassFixture<SqlServerSliceFixture>;
