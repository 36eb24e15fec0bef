using System.Reflection;

namespace MetaMessaging.Application.Tests;

public sealed class ReferencesTests
{
    [Fact]
    public void The_application_knows_nothing_of_http()
    {
        var references = Assembly.Load("MetaMessaging.Application").GetReferencedAssemblies().Select(a => a.Name!);

        Assert.DoesNotContain(references, name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
    }
}
