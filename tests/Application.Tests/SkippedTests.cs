using MetaMessaging.Testing;

[assembly: TestFramework(typeof(RequirementTestFramework))]

namespace MetaMessaging.Application.Tests;

public sealed class SkippedTests : RequirementTests;
