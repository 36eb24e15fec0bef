using System.Text;
using QRCoder;

namespace MetaMessaging.WebUI.BackOffice;

internal static class QrCode
{
    /// <summary>An address with the picture in it: the page's policy allows no inline markup that would be needed otherwise.</summary>
    public static string AsDataUri(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        using var code = new SvgQRCode(data);
        return "data:image/svg+xml;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(code.GetGraphic(6)));
    }
}
