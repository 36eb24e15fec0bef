using Mapster;
using MetaMessaging.Application.Common;

namespace MetaMessaging.Application.Tests;

public sealed class MappingTests
{
    [Fact]
    public void Every_member_of_every_model_has_a_source()
    {
        var config = new TypeAdapterConfig { RequireDestinationMemberSource = true };
        config.Scan(typeof(OrganizationScope).Assembly);

        config.Compile();
    }
}
