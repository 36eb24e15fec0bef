using MetaMessaging.Testing;

[assembly: TestFramework(typeof(RequirementTestFramework))]

namespace MetaMessaging.Infrastructure.Tests;

public sealed class SkippedTests : RequirementTests;
