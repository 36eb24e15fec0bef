using System.Text;
using CsCheck;
using MetaMessaging.Domain.Inbound;

namespace MetaMessaging.Domain.Tests;

public sealed class DeliveryPartitionTests
{
    [Fact]
    public void Deliveries_of_one_account_are_in_one_partition_whatever_else_they_hold()
    {
        var partitions = new[]
        {
            """{"object":"page","entry":[{"id":"123","time":1,"messaging":[]}]}""",
            """{"object":"instagram","entry":[{"time":2,"messaging":[{"sender":{"id":"9"}}],"id":"123"}]}""",
            """{ "entry" : [ { "id" : 123 }, { "id" : "456" } ] , "object" : "page" }""",
        }.Select(Of);

        Assert.Single(partitions.Distinct());
    }

    [Fact]
    public void Accounts_are_spread_over_all_partitions()
    {
        var counts = Enumerable.Range(0, 1600).CountBy(number => Of($$"""{"entry":[{"id":"{{104000000000000 + number}}"}]}"""));

        Assert.Equal(Enumerable.Range(0, DeliveryPartition.Count), counts.Select(c => c.Key).Order());
        Assert.All(counts, c => Assert.InRange(c.Value, 60, 150));
    }

    /// <summary>The number is stored: another one would break the order of deliveries that wait during an upgrade.</summary>
    [Theory]
    [InlineData("102030405060708", 12)]
    [InlineData("17841400000000000", 3)]
    public void The_number_of_an_account_does_not_change(string account, int partition) =>
        Assert.Equal(partition, Of($$"""{"entry":[{"id":"{{account}}"}]}"""));

    [Theory]
    [InlineData("")]
    [InlineData("no JSON")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"entry":{}}""")]
    [InlineData("""{"entry":[]}""")]
    [InlineData("""{"entry":[7]}""")]
    [InlineData("""{"entry":[{"id":null}]}""")]
    [InlineData("""{"entry":[{"id":["1"]}]}""")]
    [InlineData("""{"entry":[{"messaging":[{"id":"1"}]}]}""")]
    [InlineData("""{"entry":[{"id":"1""")]
    [InlineData("""{"\ud800":1,"entry":[{"id":"1"}]}""")]
    [InlineData("""{"entry":[{"\ud800":1,"id":"1"}]}""")]
    public void What_names_no_account_is_in_partition_0(string body) => Assert.Equal(0, Of(body));

    [Fact]
    public void Any_bytes_have_a_partition() =>
        Gen.Byte.Array[0, 200].Sample(bytes => DeliveryPartition.Of(bytes) is >= 0 and < DeliveryPartition.Count);

    private static int Of(string body) => DeliveryPartition.Of(Encoding.UTF8.GetBytes(body));
}
