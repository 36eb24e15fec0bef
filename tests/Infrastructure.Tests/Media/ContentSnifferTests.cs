using System.Net.Http.Headers;
using System.Text;
using MetaMessaging.Infrastructure.Media;

namespace MetaMessaging.Infrastructure.Tests.Media;

public sealed class ContentSnifferTests
{
    [Theory]
    [InlineData("FFD8FFE000104A464946", "image", "image/jpeg")]
    [InlineData("89504E470D0A1A0A0000000D", "image", "image/png")]
    [InlineData("474946383961", "image", "image/gif")]
    [InlineData("524946460000000057454250", "image", "image/webp")]
    [InlineData("524946460000000057415645", "audio", "audio/wav")]
    [InlineData("00000020667479706D70343200000000", "video", "video/mp4")]
    [InlineData("00000020667479706D70343200000000", "audio", "audio/mp4")]
    [InlineData("00000020667479704D344120", "file", "audio/mp4")]
    [InlineData("0000001466747970717420200000", "video", "video/quicktime")]
    [InlineData("1A45DFA39F4286810142F7810142F2810442F381084282847765626D", "video", "video/webm")]
    [InlineData("1A45DFA39F4286810142F7810142F2810442F381084282847765626D", "audio", "audio/webm")]
    [InlineData("1A45DFA3A34286810142F7810142F2810442F381084282886D6174726F736B61", "video", "video/x-matroska")]
    [InlineData("4F67675300020000", "audio", "audio/ogg")]
    [InlineData("494433030000", "audio", "audio/mpeg")]
    [InlineData("FFFB9064", "audio", "audio/mpeg")]
    [InlineData("FFF15080", "audio", "audio/aac")]
    [InlineData("255044462D312E37", "file", "application/pdf")]
    [InlineData("504B030414000600", "file", "application/zip")]
    [InlineData("4D5A9000", "file", "application/octet-stream")]
    [InlineData("FFFE3C00", "file", "application/octet-stream")]
    [InlineData("FF", "image", "application/octet-stream")]
    public void The_content_type_follows_from_the_first_bytes(string hex, string type, string expected) =>
        Assert.Equal(expected, ContentSniffer.ContentTypeOf(Convert.FromHexString(hex), type));

    [Theory]
    [InlineData("<!DOCTYPE html><script>alert(1)</script>")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")]
    [InlineData("<?xml version='1.0'?><svg/>")]
    [InlineData("just a text")]
    public void Content_that_could_run_in_a_browser_is_not_recognised(string text) =>
        Assert.Equal(ContentSniffer.Unknown, ContentSniffer.ContentTypeOf(Encoding.UTF8.GetBytes(text), "image"));

    [Theory]
    [InlineData("attachment; filename=\"menu.pdf\"", "https://cdn.fbsbx.com/x/other.pdf", "menu.pdf")]
    [InlineData("attachment; filename=\"a.pdf\"; filename*=UTF-8''Men%C3%BC%20%E2%82%AC.pdf", "https://cdn.fbsbx.com/x", "Menü €.pdf")]
    [InlineData("attachment; filename=\"../../etc/passwd\"", "https://cdn.fbsbx.com/x", "etc_passwd")]
    [InlineData("attachment; filename=\"C:\\evil\\a.exe\"", "https://cdn.fbsbx.com/x", "C__evil_a.exe")]
    [InlineData("attachment; filename*=UTF-8''photo%E2%80%AEgpj.exe", "https://cdn.fbsbx.com/x", "photogpj.exe")]
    [InlineData("attachment; filename*=UTF-8''a%0D%0ASet-Cookie%3Ax.pdf", "https://cdn.fbsbx.com/x", "aSet-Cookie_x.pdf")]
    [InlineData("attachment; filename=\"...\"", "https://cdn.fbsbx.com/v/price%20list.pdf?oh=1", "price list.pdf")]
    [InlineData(null, "https://cdn.fbsbx.com/v/audioclip-1760000000-2345.mp4?oe=1", "audioclip-1760000000-2345.mp4")]
    [InlineData(null, "https://cdn.fbsbx.com/v/..%2F..%2Fa.sh", "a.sh")]
    [InlineData(null, "https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=1", "file.pdf")]
    [InlineData(null, "https://lookaside.fbsbx.com/ig_messaging_cdn?asset_id=1", "file.pdf")]
    public void A_file_name_is_cleaned_for_display(string? disposition, string address, string expected)
    {
        var header = disposition is null ? null : ContentDispositionHeaderValue.Parse(disposition);

        Assert.Equal(expected, FileNames.Of(header, new Uri(address), "file", "application/pdf"));
    }

    [Fact]
    public void A_long_file_name_is_shortened_before_its_extension()
    {
        var address = new Uri($"https://cdn.fbsbx.com/{new string('a', 118)}👋{new string('b', 400)}.pdf");

        var name = FileNames.Of(null, address, "file", "application/pdf");

        Assert.EndsWith(".pdf", name, StringComparison.Ordinal);
        Assert.InRange(name.Length, 100, 120);
    }
}
