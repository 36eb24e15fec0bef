namespace MetaMessaging.Benchmarks.Reading;

/// <summary>Names and sentences in several scripts, the same ones in each run.</summary>
internal static class SeedTexts
{
    private static readonly string[] Given =
    [
        "Nora", "Björn", "Zoë", "Łukasz", "Siobhán", "İbrahim", "Nguyễn", "Анна", "Дмитрий", "Ελένη", "Γιώργος", "محمد", "فاطمة", "דוד",
        "שרה", "अंजलि", "राहुल", "สมชาย", "มาลี", "さくら", "健", "민준", "서연", "小明", "丽", "João", "Chloë", "Håkon", "Éva", "Ana",
    ];

    private static readonly string[] Family =
    [
        "Berg", "Müller", "O’Brien", "Åkesson", "Wójcik", "Çelik", "Trần", "Иванова", "Петров", "Παπαδοπούλου", "Νικολάου", "العلي", "حسن",
        "כהן", "לוי", "शर्मा", "वर्मा", "ใจดี", "สุขใจ", "田中", "佐藤", "김", "박", "王", "李", "Silva", "Dubois", "Olsen", "Szabó", "Costa",
    ];

    private static readonly string[] Common =
    [
        "order", "coffee", "table", "please", "when", "open", "thanks", "delivery", "price", "tomorrow", "danke", "Öffnungszeiten",
        "mañana", "заказ", "спасибо", "ευχαριστώ", "شكرا", "תודה",
        "धन्यवाद", "ขอบคุณครับ", "注文をお願いします", "감사합니다", "谢谢你", "🙂",
    ];

    private static readonly string[] Syllables =
        ["ka", "lo", "mi", "ren", "to", "sa", "vel", "nor", "ti", "qui", "pa", "dro", "zen", "fu", "gra", "hel", "ji", "wan", "xo", "by"];

    public static IEnumerable<(string Given, string Family)> Names(int count) => Enumerable.Range(0, count).Select(n =>
        (Given[n % Given.Length] + (n % 3 == 0 ? "" : $" {(char)('A' + (n % 26))}."),
        n % 2 == 0 ? Family[n / 2 % Family.Length] : Capital(Word(n))));

    /// <summary>Half of the words are common ones, the others are of 8,000.</summary>
    public static IEnumerable<string> Sentences(int count) => Enumerable.Range(0, count).Select(n => string.Join(
        ' ', Enumerable.Range(0, 5 + (n % 9)).Select(
            i => i % 2 == 0 ? Common[((n * 7) + (i * 5)) % Common.Length] : Word(((n * 31) + (i * 977)) % 8_000))));

    private static string Word(int n) => Syllables[n % 20] + Syllables[n / 20 % 20] + Syllables[n / 400 % 20];

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
