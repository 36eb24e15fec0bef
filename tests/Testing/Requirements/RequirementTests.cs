namespace MetaMessaging.Testing;

/// <summary>
/// Says once for each requirement how many test classes did not run and why, in place of a line for each of their tests. Each test
/// project derives one class from it.
/// </summary>
public abstract class RequirementTests
{
    [Theory]
    [InlineData(Requirement.SqlServer)]
    [InlineData(Requirement.Chromium)]
    [InlineData(Requirement.Node)]
    [InlineData(Requirement.Redis)]
    public void All_test_classes_run(Requirement requirement)
    {
        var classes = GetType().Assembly.GetTypes().Count(type => !type.IsAbstract && Requirements.Of(type).Contains(requirement));
        if (classes > 0 && Requirements.WhyMissing(requirement) is { } reason)
            Assert.Skip($"{classes} test classes did not run: {reason}.");
    }
}
