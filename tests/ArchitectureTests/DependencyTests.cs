using System.Reflection;

namespace MetaMessaging.ArchitectureTests;

public sealed class DependencyTests
{
    [Theory]
    [InlineData("MetaMessaging.Domain")]
    [InlineData("MetaMessaging.Application")]
    [InlineData("MetaMessaging.Infrastructure")]
    public void Nothing_points_outwards_at_the_web_application(string name)
    {
        var references = Assembly.Load(name).GetReferencedAssemblies().Select(a => a.Name!);

        Assert.DoesNotContain("MetaMessaging.WebUI", references);
    }
}
