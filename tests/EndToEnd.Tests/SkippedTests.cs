using MetaMessaging.Testing;

[assembly: TestFramework(typeof(RequirementTestFramework))]

namespace MetaMessaging.EndToEnd.Tests;

public sealed class SkippedTests : RequirementTests;
