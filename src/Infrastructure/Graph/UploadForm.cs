using System.Net.Http.Headers;

namespace MetaMessaging.Infrastructure.Graph;

/// <summary>The multipart form of an upload (platform reference, Send API → Attachments); the file is read while it is sent.</summary>
internal static class UploadForm
{
    public static MultipartContent Of(Recipient recipient, OutgoingFile file)
    {
        // As browsers write it. MultipartFormDataContent would encode names beyond ASCII with RFC 2047, which Meta may not decode.
        var form = new MultipartContent("form-data") { HeaderEncodingSelector = (_, _) => Encoding.UTF8 };
        if (recipient.Channel is Channel.InstagramDm) form.Add(Part(new StringContent("instagram"), "name=\"platform\""));

        var message = new UploadRequest(new AttachmentRequest(file.Type, new AttachmentPayload(IsReusable: true)));
        form.Add(Part(new StringContent(JsonSerializer.Serialize(message, GraphJson.Default.UploadRequest)), "name=\"message\""));

        var name = recipient.Channel is Channel.InstagramDm ? AsciiNameOf(file) : file.FileName;
        var content = new StreamContent(file.Content) { Headers = { ContentType = new MediaTypeHeaderValue(file.ContentType) } };
        form.Add(Part(content, $"name=\"filedata\"; filename=\"{name.Replace('"', '_')}\""));
        return form;
    }

    private static HttpContent Part(HttpContent content, string disposition)
    {
        content.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; {disposition}");
        return content;
    }

    /// <summary>Instagram accepts ASCII names only: "Preisliste März.pdf" is sent as "Preisliste Marz.pdf".</summary>
    private static string AsciiNameOf(OutgoingFile file)
    {
        var ascii = string.Concat(file.FileName.Normalize(NormalizationForm.FormD).Where(char.IsAscii));
        var (name, extension) = (Path.GetFileNameWithoutExtension(ascii).Trim(' ', '.', '_', '-'), Path.GetExtension(ascii));
        return (name.Length > 0 ? name : file.Type) + extension.ToLower(CultureInfo.InvariantCulture);
    }
}
