using System.Net;
using MetaMessaging.Application.Common;
using MetaMessaging.Infrastructure.Media;
using Microsoft.Extensions.Options;

namespace MetaMessaging.Infrastructure.Tests.Media;

public sealed class MediaHostsTests
{
    [Theory]
    [InlineData("https://fbcdn.net/a.jpg")]
    [InlineData("https://scontent-arn2-1.xx.fbcdn.net/v/a.jpg?oe=6A1C32D0")]
    [InlineData("https://SCONTENT.XX.FBCDN.NET/a.jpg")]
    [InlineData("https://lookaside.fbsbx.com:443/ig_messaging_cdn/?asset_id=1")]
    [InlineData("https://scontent.cdninstagram.com/a.jpg")]
    [InlineData("https://fbcdn-profile-a.akamaihd.net/a.jpg")]
    public void Metas_own_hosts_are_allowed(string address) => Hosts().EnsureAllowed(new Uri(address));

    [Theory]
    [InlineData("https://evil-fbcdn.net/a.jpg")]
    [InlineData("https://evilfbcdn.net/a.jpg")]
    [InlineData("https://fbcdn.net.evil.org/a.jpg")]
    [InlineData("https://fbcdn.net@evil.org/a.jpg")]
    [InlineData("https://fbcdn.net:secret@fbcdn.net/a.jpg")]
    [InlineData("https://user@scontent.fbcdn.net/a.jpg")]
    [InlineData(@"https://evil.org\@fbcdn.net/a.jpg")]
    [InlineData("https://evil.org/fbcdn.net")]
    [InlineData("https://evil.org?fbcdn.net")]
    [InlineData("https://evil.org#fbcdn.net")]
    [InlineData("https://fbcdn.net./a.jpg")]
    [InlineData("https://ｆbcdn.net.evil.org/a.jpg")]
    [InlineData("https://fbсdn.net/a.jpg")]   // the third letter is Cyrillic
    [InlineData("http://scontent.fbcdn.net/a.jpg")]
    [InlineData("https://scontent.fbcdn.net:8443/a.jpg")]
    [InlineData("https://scontent.fbcdn.net:80/a.jpg")]
    [InlineData("https://127.0.0.1/a.jpg")]
    [InlineData("https://[::1]/a.jpg")]
    [InlineData("https://[::ffff:127.0.0.1]/a.jpg")]
    [InlineData("https://2130706433/a.jpg")]
    [InlineData("https://0177.0.0.1/a.jpg")]
    [InlineData("https://0x7f000001/a.jpg")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://localhost/a.jpg")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://fbcdn.net/a.jpg")]
    [InlineData("data:image/png;base64,AAAA")]
    [InlineData("gopher://fbcdn.net/a.jpg")]
    [InlineData("/relative/a.jpg")]
    public void Other_addresses_are_refused(string address)
    {
        // Text that is not a URI is refused before.
        if (!Uri.TryCreate(address, UriKind.RelativeOrAbsolute, out var uri)) return;

        var refused = Assert.Throws<MediaRefusedException>(() => Hosts().EnsureAllowed(uri));

        Assert.NotEmpty(refused.Message);
    }

    [Theory]
    [InlineData("http://127.0.0.1:5090/a.jpg", true)]
    [InlineData("https://127.0.0.1:5090/a.jpg", true)]
    [InlineData("http://localhost:5090/a.jpg", true)]
    [InlineData("http://[::1]:5090/a.jpg", true)]
    [InlineData("http://127.0.0.1:5091/a.jpg", false)]
    [InlineData("http://127.0.0.1/a.jpg", false)]
    [InlineData("http://127.0.0.2:5090/a.jpg", false)]
    [InlineData("http://cdn.localhost:5090/a.jpg", false)]
    [InlineData("http://user@localhost:5090/a.jpg", false)]
    [InlineData("https://scontent.fbcdn.net/a.jpg", false)]
    public void A_host_configured_with_a_port_is_allowed_with_that_port_only(string address, bool isAllowed)
    {
        var hosts = Hosts("127.0.0.1:5090", "localhost:5090", "[::1]:5090");

        var refused = Record.Exception(() => hosts.EnsureAllowed(new Uri(address)));

        Assert.Equal(isAllowed, refused is null);
    }

    [Theory]
    [InlineData("fbcdn.net", true)]
    [InlineData("*.fbcdn.net", true)]
    [InlineData(".fbcdn.net", true)]
    [InlineData("localhost:5090", true)]
    [InlineData("https://fbcdn.net", false)]
    [InlineData("fbcdn.net/path", false)]
    [InlineData("user@fbcdn.net", false)]
    [InlineData("not a host", false)]
    [InlineData("", false)]
    public void A_configured_entry_is_a_host_name_without_anything_else(string entry, bool isHost) =>
        Assert.Equal(isHost, MediaHosts.IsHost(entry));

    [Theory]
    [InlineData("157.240.1.1", true)]
    [InlineData("2a03:2880:f003::1", true)]
    [InlineData("64:ff9b::9df0:101", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("100.127.255.255", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.1.2.3", false)]
    [InlineData("168.63.129.16", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("192.31.196.1", false)]
    [InlineData("192.52.193.1", false)]
    [InlineData("192.175.48.1", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::ffff:169.254.169.254", false)]
    [InlineData("::10.0.0.1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("2620:4f:8000::1", false)]
    [InlineData("100:0:0:1::1", false)]
    [InlineData("2002:a00:1::", false)]
    public void Special_purpose_addresses_are_not_public(string address, bool isPublic) =>
        Assert.Equal(isPublic, PublicConnections.IsPublic(IPAddress.Parse(address)));

    private static MediaHosts Hosts(params string[] entries) =>
        new(Options.Create(entries.Length == 0 ? new MediaOptions() : new MediaOptions { Hosts = entries }));
}
