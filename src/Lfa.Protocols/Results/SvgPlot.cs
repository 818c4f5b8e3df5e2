using System.Globalization;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace Lfa.Protocols.Results;

/// <summary>Draws a plot of accuracy as SVG.</summary>
internal static class SvgPlot
{
    private const double Width = 900;
    private const double Height = 520;
    private const double LineHeight = 22; // of the legend
    private const double Margin = 0.05;
    private const double LeastMargin = 0.2; // points, where all values are alike
    private const double Spread = 0.6; // of the methods beside a tick, where no lines join them
    private const string Font = "Arial"; // of those whose letters the exporter knows the widths of

    // Apart for most color-blind readers too: M. Okabe, K. Ito, "Color universal design", 2008; markers tell them apart beyond eight.
    private static readonly string[] Colors = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000", "#8C8C00"];
    private static readonly MarkerType[] Markers = [MarkerType.Circle, MarkerType.Square, MarkerType.Triangle, MarkerType.Diamond];
    private static readonly LineStyle[] Styles = [LineStyle.Solid, LineStyle.Dash, LineStyle.Dot];

    public static void Write(string path, AccuracyPlot plot)
    {
        var exporter = new SvgExporter { Width = Width, Height = Math.Max(Height, (plot.Lines.Count * LineHeight) + 80), UseVerticalTextAlignmentWorkaround = true, TextMeasurer = new PixelMeasurer(Width, Height) };
        AtomicFile.Write(path, stream => exporter.Export(Model(plot), stream));
    }

    private static PlotModel Model(AccuracyPlot plot)
    {
        var model = new PlotModel { Title = plot.Title, Culture = CultureInfo.InvariantCulture, Background = OxyColors.White, DefaultFont = Font, TitleFontSize = 16 };
        model.Legends.Add(new Legend { LegendPosition = LegendPosition.RightTop, LegendPlacement = LegendPlacement.Outside, LegendSymbolLength = 30 });
        model.Axes.Add(new LinearAxis
        {
            Position = AxisPosition.Bottom,
            Title = plot.AxisTitle,
            Minimum = -0.5,
            Maximum = plot.Ticks.Count - 0.5,
            MajorStep = 1,
            MinorTickSize = 0,
            AxisTitleDistance = 10,
            LabelFormatter = place => place == Math.Round(place) && place >= 0 && place < plot.Ticks.Count ? plot.Ticks[(int)place] : "",
        });
        var (lowest, highest) = Range(plot);
        model.Axes.Add(new LinearAxis
        {
            Position = AxisPosition.Left,
            Title = "top-1 accuracy (%)",
            MajorGridlineStyle = LineStyle.Solid,
            MajorGridlineColor = OxyColors.LightGray,
            Minimum = lowest,
            Maximum = highest,
            AxisTitleDistance = 10,
        });
        for (var i = 0; i < plot.Lines.Count; i++)
            AddLine(model, plot, i);
        return model;
    }

    // From the end of the lowest bar to that of the highest one, and a margin.
    private static (double Lowest, double Highest) Range(AccuracyPlot plot)
    {
        SeedStatistic[] values = [.. plot.Lines.SelectMany(line => line.Values).OfType<SeedStatistic>()];
        if (values.Length == 0)
            return (0, 100);
        var (lowest, highest) = (values.Min(value => value.Mean - (value.Deviation ?? 0)), values.Max(value => value.Mean + (value.Deviation ?? 0)));
        var margin = Math.Max((highest - lowest) * Margin, LeastMargin);
        return (lowest - margin, highest + margin);
    }

    private static void AddLine(PlotModel model, AccuracyPlot plot, int index)
    {
        var (method, values) = plot.Lines[index];
        var color = OxyColor.Parse(Colors[index % Colors.Length]);
        var offset = plot.IsOrdered ? 0 : Spread * (((index + 0.5) / plot.Lines.Count) - 0.5);
        var line = new LineSeries
        {
            Title = method,
            Color = color,
            LineStyle = plot.IsOrdered ? Styles[index / Colors.Length % Styles.Length] : LineStyle.None,
            StrokeThickness = 1.8,
            MarkerType = Markers[(index + (index / Colors.Length)) % Markers.Length],
            MarkerSize = 4,
            MarkerFill = color,
        };
        var bars = new ScatterErrorSeries { MarkerType = MarkerType.None, ErrorBarColor = color, ErrorBarStrokeThickness = 1 };
        for (var place = 0; place < values.Count; place++)
        {
            line.Points.Add(values[place] is { } value ? new DataPoint(place + offset, value.Mean) : DataPoint.Undefined);
            if (values[place] is { Deviation: > 0 } spread)
                bars.Points.Add(new ScatterErrorPoint(place + offset, spread.Mean, 0, 2 * spread.Deviation.Value)); // the whole length of the bar
        }
        model.Series.Add(bars);
        model.Series.Add(line);
    }

    /// <summary>Measures text in pixels, where the exporter's own measurer takes points, and wide enough for the fonts that stand in for Arial.</summary>
    private sealed class PixelMeasurer(double width, double height) : PdfRenderContext(width, height, OxyColors.White)
    {
        private const double PixelsPerPoint = 96.0 / 72;
        private const double WidestFont = 1.15; // DejaVu Sans over Arial

        public override OxySize MeasureText(string text, string fontFamily, double fontSize, double fontWeight)
        {
            var size = base.MeasureText(text, fontFamily, fontSize, fontWeight);
            return new OxySize(size.Width * PixelsPerPoint * WidestFont, size.Height * PixelsPerPoint);
        }
    }
}
