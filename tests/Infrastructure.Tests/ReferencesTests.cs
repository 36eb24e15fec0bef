using System.Reflection;

namespace MetaMessaging.Infrastructure.Tests;

public sealed class ReferencesTests
{
    [Fact]
    public void The_infrastructure_does_not_know_the_web_application()
    {
        var references = Assembly.Load("MetaMessaging.Infrastructure").GetReferencedAssemblies().Select(a => a.Name!);

        Assert.DoesNotContain("MetaMessaging.WebUI", references);
    }
}
