using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Common;

namespace MetaMessaging.Infrastructure.Graph;

/// <summary>A file on its way to Meta, read from the store while it is sent (platform reference, Send API → Attachments).</summary>
internal static class UploadForm
{
    public static MultipartContent Of(Recipient recipient, OutgoingFile file)
    {
        // As browsers write it: .NET's own form would wrap a name beyond ASCII in a way that Meta need not know.
        var form = new MultipartContent("form-data") { HeaderEncodingSelector = (_, _) => Encoding.UTF8 };
        if (recipient.Channel is Channel.InstagramDm) form.Add(Part(new StringContent("instagram"), "name=\"platform\""));

        var message = new UploadRequest(new AttachmentRequest(file.Type, new AttachmentPayload(IsReusable: true)));
        form.Add(Part(new StringContent(JsonSerializer.Serialize(message, GraphJson.Default.UploadRequest)), "name=\"message\""));

        var name = recipient.Channel is Channel.InstagramDm ? InAscii(file) : file.FileName;
        var content = new StreamContent(file.Content) { Headers = { ContentType = new MediaTypeHeaderValue(file.ContentType) } };
        form.Add(Part(content, $"name=\"filedata\"; filename=\"{name.Replace('"', '_')}\""));
        return form;
    }

    private static HttpContent Part(HttpContent content, string disposition)
    {
        content.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; {disposition}");
        return content;
    }

    /// <summary>Instagram takes no other letters in a name: "Preisliste März.pdf" goes as "Preisliste Marz.pdf".</summary>
    private static string InAscii(OutgoingFile file)
    {
        var plain = string.Concat(file.FileName.Normalize(NormalizationForm.FormD).Where(char.IsAscii));
        var (name, extension) = (Path.GetFileNameWithoutExtension(plain).Trim(' ', '.', '_', '-'), Path.GetExtension(plain));
        return (name.Length > 0 ? name : file.Type) + extension.ToLower(CultureInfo.InvariantCulture);
    }
}
