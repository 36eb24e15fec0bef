using System.Reflection;

namespace MetaMessaging.Domain.Tests;

public sealed class ReferencesTests
{
    [Fact]
    public void The_domain_references_nothing_but_the_base_library()
    {
        var references = Assembly.Load("MetaMessaging.Domain").GetReferencedAssemblies().Select(a => a.Name!);

        Assert.All(references, name => Assert.StartsWith("System.", name, StringComparison.Ordinal));
    }
}
