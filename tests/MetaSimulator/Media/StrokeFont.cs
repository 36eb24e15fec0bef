namespace MetaMessaging.MetaSimulator.Media;

/// <summary>A round-ended line font for initials: letters are lines and arcs, ink is the distance to the nearest of them.</summary>
internal static class StrokeFont
{
    private const double Height = 0.34;
    private const double Width = 0.22;
    private const double Gap = 0.085;
    private const double HalfStroke = 0.025;
    private const int ArcSteps = 14;

    // Each letter in a box of 1 by 1, y downwards. "x,y x,y ..." is a polyline; "@cx,cy,rx,ry,from,to" an arc in degrees,
    // clockwise from the right. Strokes are separated by semicolons.
    private static readonly Dictionary<char, string> Letters = new()
    {
        ['A'] = "0,1 .5,0 1,1;.19,.63 .81,.63",
        ['B'] = "0,0 0,1;0,0 .5,0;@.5,.25,.4,.25,-90,90;.5,.5 0,.5;.5,.5 .55,.5;@.55,.75,.45,.25,-90,90;.55,1 0,1",
        ['C'] = "@.55,.5,.55,.5,48,312",
        ['D'] = "0,0 0,1;0,0 .4,0;@.4,.5,.6,.5,-90,90;.4,1 0,1",
        ['E'] = ".9,0 0,0 0,1 .9,1;0,.48 .78,.48",
        ['F'] = ".9,0 0,0 0,1;0,.48 .75,.48",
        ['G'] = "@.55,.5,.55,.5,12,312;.6,.56 1.08,.56",
        ['H'] = "0,0 0,1;1,0 1,1;0,.49 1,.49",
        ['I'] = ".5,0 .5,1",
        ['J'] = ".8,0 .8,.68;@.42,.68,.38,.32,0,165",
        ['K'] = "0,0 0,1;.95,0 0,.62;.3,.43 1,1",
        ['L'] = "0,0 0,1 .9,1",
        ['M'] = "0,1 0,0 .5,.62 1,0 1,1",
        ['N'] = "0,1 0,0 1,1 1,0",
        ['O'] = "@.5,.5,.55,.5,0,360",
        ['P'] = "0,1 0,0;0,0 .5,0;@.5,.28,.45,.28,-90,90;.5,.56 0,.56",
        ['Q'] = "@.5,.5,.55,.5,0,360;.66,.7 1.02,1.04",
        ['R'] = "0,1 0,0;0,0 .5,0;@.5,.27,.45,.27,-90,90;.5,.54 0,.54;.48,.54 .98,1",
        ['S'] = "@.5,.25,.43,.25,90,335;@.5,.75,.46,.25,-90,155",
        ['T'] = "0,0 1,0;.5,0 .5,1",
        ['U'] = "0,0 0,.55;@.5,.55,.5,.45,0,180;1,.55 1,0",
        ['V'] = "0,0 .5,1 1,0",
        ['W'] = "-.1,0 .2,1 .5,.3 .8,1 1.1,0",
        ['X'] = "0,0 1,1;1,0 0,1",
        ['Y'] = "0,0 .5,.5 1,0;.5,.5 .5,1",
        ['Z'] = "0,0 1,0 0,1 1,1",
    };

    /// <summary>The text's lines, centred in a square of 1 by 1.</summary>
    public static IReadOnlyList<Line> Layout(string text)
    {
        var left = 0.5 - (text.Length * Width + (text.Length - 1) * Gap) / 2;
        return [.. text.SelectMany((letter, index) => Lines(letter).Select(line => line.Placed(left + index * (Width + Gap), 0.5 - Height / 2, Width, Height)))];
    }

    /// <summary>How much of a pixel is ink, from 0 to 1.</summary>
    public static double Coverage(IReadOnlyList<Line> lines, double x, double y, double pixel)
    {
        if (Math.Abs(y - 0.5) > Height / 2 + HalfStroke * 2) return 0;

        var nearest = double.MaxValue;
        foreach (var line in lines) nearest = Math.Min(nearest, line.SquaredDistance(x, y));
        return Math.Clamp((HalfStroke - Math.Sqrt(nearest)) / pixel + 0.5, 0, 1);
    }

    private static IEnumerable<Line> Lines(char letter)
    {
        if (!Letters.TryGetValue(letter, out var strokes)) yield break;

        foreach (var stroke in strokes.Split(';'))
        {
            var points = stroke[0] is '@' ? Arc(stroke[1..]) : [.. stroke.Split(' ').Select(Point)];
            for (var i = 1; i < points.Count; i++) yield return new Line(points[i - 1].X, points[i - 1].Y, points[i].X, points[i].Y);
        }
    }

    private static (double X, double Y) Point(string pair) => Numbers(pair) is [var x, var y] ? (x, y) : default;

    private static List<(double X, double Y)> Arc(string text)
    {
        if (Numbers(text) is not [var cx, var cy, var rx, var ry, var from, var to]) return [];

        return [.. Enumerable.Range(0, ArcSteps + 1).Select(step =>
        {
            var angle = double.DegreesToRadians(from + (to - from) * step / ArcSteps);
            return (cx + rx * Math.Cos(angle), cy + ry * Math.Sin(angle));
        })];
    }

    private static double[] Numbers(string text) => [.. text.Split(',').Select(part => double.Parse(part, System.Globalization.CultureInfo.InvariantCulture))];

    internal readonly record struct Line(double X1, double Y1, double X2, double Y2)
    {
        public Line Placed(double left, double top, double width, double height) =>
            new(left + X1 * width, top + Y1 * height, left + X2 * width, top + Y2 * height);

        public double SquaredDistance(double x, double y)
        {
            var (dx, dy) = (X2 - X1, Y2 - Y1);
            var along = Math.Clamp(((x - X1) * dx + (y - Y1) * dy) / Math.Max(dx * dx + dy * dy, 1e-12), 0, 1);
            var (px, py) = (X1 + along * dx - x, Y1 + along * dy - y);
            return px * px + py * py;
        }
    }
}
