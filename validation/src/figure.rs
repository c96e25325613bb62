//! The figure of an experiment: panels with the model's curves and the published values beside them, drawn as SVG.

use plotters::prelude::*;

/// How a series is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A line through the points.
    Line,
    /// A dashed line.
    Dashed,
    /// A dot at every point.
    Dots,
    /// A vertical tick at every point (spikes; y is the row).
    Ticks,
}

/// A curve or cloud of points.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Name in the key; empty for none.
    pub name: String,
    /// Points (x, y); those that are not finite are left out.
    pub points: Vec<(f64, f64)>,
    /// How it is drawn.
    pub mark: Mark,
}

/// A published range, drawn as a grey rectangle behind the model.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    /// Where on the x axis, from and to.
    pub x: (f64, f64),
    /// Published range of y.
    pub y: (f64, f64),
}

/// Axes with series.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Panel {
    /// Title.
    pub title: String,
    /// Label of the x axis with its unit.
    pub x: String,
    /// Label of the y axis with its unit.
    pub y: String,
    /// Logarithmic x axis.
    pub log_x: bool,
    /// The model.
    pub series: Vec<Series>,
    /// The paper.
    pub published: Vec<Published>,
}

impl Panel {
    /// Empty axes.
    pub fn new(title: impl Into<String>, x: impl Into<String>, y: impl Into<String>) -> Self {
        Self { title: title.into(), x: x.into(), y: y.into(), ..Self::default() }
    }

    /// With a series more.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, mark: Mark, points: Vec<(f64, f64)>) -> Self {
        self.series.push(Series { name: name.into(), points, mark });
        self
    }

    /// With a published range.
    #[must_use]
    pub fn published(mut self, x: (f64, f64), y: (f64, f64)) -> Self {
        self.published.push(Published { x, y });
        self
    }

    /// With a logarithmic x axis.
    #[must_use]
    pub fn log_x(mut self) -> Self {
        self.log_x = true;
        self
    }

    fn limits(&self) -> ((f64, f64), (f64, f64)) {
        let points = self.series.iter().flat_map(|s| s.points.iter().copied());
        let corners = self.published.iter().flat_map(|p| [(p.x.0, p.y.0), (p.x.1, p.y.1)]);
        let mut limits = ((f64::INFINITY, f64::NEG_INFINITY), (f64::INFINITY, f64::NEG_INFINITY));
        for (x, y) in points.chain(corners).filter(|(x, y)| x.is_finite() && y.is_finite() && (!self.log_x || *x > 0.0))
        {
            limits.0 = (limits.0.0.min(x), limits.0.1.max(x));
            limits.1 = (limits.1.0.min(y), limits.1.1.max(y));
        }
        let wide = |(low, high): (f64, f64), share: f64| match high - low {
            span if !span.is_finite() => (0.0, 1.0),
            0.0 => (low - 0.5, high + 0.5),
            span => (low - share * span, high + share * span),
        };
        (wide(limits.0, 0.0), wide(limits.1, 0.06))
    }
}

/// A figure: panels side by side, at most three in a row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figure {
    /// Panels.
    pub panels: Vec<Panel>,
}

/// Size of a panel, px.
const PANEL_PX: (u32, u32) = (400, 300);
/// Panels in a row.
const COLUMNS: usize = 3;
/// Left edge of a key, height of its rows and width of a letter in it, px.
const KEY_LEFT_PX: i32 = 56;
const KEY_ROW_PX: i32 = 15;
const KEY_LETTER_PX: i32 = 6;
/// A line of more points than this is thinned to the extremes of each stretch: a screen shows no more.
const MOST_POINTS: usize = 1000;
/// Colours that stay apart for the colour blind (Okabe & Ito 2008).
const COLOURS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(60, 60, 60),
];
const PUBLISHED: RGBColor = RGBColor(225, 225, 225);

/// Draws into axes of any kind of scale, which are types of their own in the drawing library.
macro_rules! draw {
    ($area:expr, $panel:expr, $x:expr, $y:expr) => {{
        let panel: &Panel = $panel;
        let mut chart = ChartBuilder::on($area)
            .caption(&panel.title, ("sans-serif", 13))
            .margin(8)
            .x_label_area_size(34)
            .y_label_area_size(48)
            .build_cartesian_2d($x, $y)?;
        chart
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(BLACK.mix(0.08))
            .x_labels(6)
            .y_labels(6)
            .x_desc(&panel.x)
            .y_desc(&panel.y)
            .label_style(("sans-serif", 11))
            .draw()?;
        chart.draw_series(
            panel.published.iter().map(|p| Rectangle::new([(p.x.0, p.y.0), (p.x.1, p.y.1)], PUBLISHED.filled())),
        )?;
        for (i, series) in panel.series.iter().enumerate() {
            let colour = COLOURS[i % COLOURS.len()];
            let points = series.points.iter().copied().filter(|(x, y)| x.is_finite() && y.is_finite());
            match series.mark {
                Mark::Line => chart.draw_series(LineSeries::new(thinned(points), &colour))?,
                Mark::Dashed => chart.draw_series(DashedLineSeries::new(thinned(points), 5, 4, colour.into()))?,
                Mark::Dots => chart.draw_series(points.map(|p| Circle::new(p, 2, colour.filled())))?,
                Mark::Ticks => chart.draw_series(
                    points.map(|p| EmptyElement::at(p) + PathElement::new(vec![(0, -3), (0, 3)], colour)),
                )?,
            };
        }
    }};
}

/// The key below a panel: where each named series stands, px from the key's upper left.
struct Key {
    places: Vec<(usize, i32, i32)>,
    height_px: u32,
}

fn key(panel: &Panel) -> Key {
    let mut places = Vec::new();
    let (mut x, mut y) = (KEY_LEFT_PX, 0);
    for (i, series) in panel.series.iter().enumerate().filter(|(_, s)| !s.name.is_empty()) {
        let width = 26 + KEY_LETTER_PX * series.name.chars().count() as i32;
        if x > KEY_LEFT_PX && x + width > PANEL_PX.0 as i32 {
            (x, y) = (KEY_LEFT_PX, y + KEY_ROW_PX);
        }
        places.push((i, x, y));
        x += width;
    }
    let height_px = if places.is_empty() { 0 } else { (y + KEY_ROW_PX) as u32 };
    Key { places, height_px }
}

/// At most about [`MOST_POINTS`] points: of each stretch the lowest and the highest, in the order they came.
fn thinned(points: impl Iterator<Item = (f64, f64)>) -> Vec<(f64, f64)> {
    let points: Vec<(f64, f64)> = points.collect();
    if points.len() <= MOST_POINTS {
        return points;
    }
    let stretch = points.len().div_ceil(MOST_POINTS / 2);
    let mut kept = Vec::with_capacity(MOST_POINTS);
    for part in points.chunks(stretch) {
        let by_value = |a: &usize, b: &usize| part[*a].1.total_cmp(&part[*b].1);
        let (low, high) = ((0..part.len()).min_by(by_value), (0..part.len()).max_by(by_value));
        let (Some(low), Some(high)) = (low, high) else { continue };
        kept.push(part[low.min(high)]);
        if low != high {
            kept.push(part[low.max(high)]);
        }
    }
    kept
}

impl Figure {
    /// As SVG text, with `title` above and `source` below.
    ///
    /// # Errors
    /// If the drawing library refuses; axes without extent are widened, so none is expected.
    pub fn svg(&self, title: &str, source: &str) -> Result<String, String> {
        let mut svg = String::new();
        self.draw(&mut svg, title, source).map_err(|e| e.to_string())?;
        Ok(svg)
    }

    fn draw(&self, svg: &mut String, title: &str, source: &str) -> Result<(), Box<dyn std::error::Error>> {
        let columns = self.panels.len().clamp(1, COLUMNS);
        let rows = self.panels.len().div_ceil(columns).max(1);
        let height = PANEL_PX.1 * rows as u32;
        let size = (PANEL_PX.0 * columns as u32, height + 56);
        let root = SVGBackend::with_string(svg, size).into_drawing_area();
        root.fill(&WHITE)?;
        root.draw_text(title, &("sans-serif", 16).into_text_style(&root), (12, 8))?;
        root.draw_text(source, &("sans-serif", 11).into_text_style(&root), (12, size.1 as i32 - 18))?;
        let (_, below) = root.split_vertically(32);
        let (middle, _) = below.split_vertically(height);
        for (area, panel) in middle.split_evenly((rows, columns)).iter().zip(&self.panels) {
            let ((x0, x1), (y0, y1)) = panel.limits();
            // The key is below the axes, where it hides no trace.
            let key = key(panel);
            let (axes, below) = area.split_vertically(PANEL_PX.1.saturating_sub(key.height_px));
            if panel.log_x {
                draw!(&axes, panel, (x0..x1).log_scale(), y0..y1);
            } else {
                draw!(&axes, panel, x0..x1, y0..y1);
            }
            for (i, x, y) in key.places {
                let colour = COLOURS[i % COLOURS.len()].filled();
                below.draw(&Rectangle::new([(x, y + 4), (x + 12, y + 7)], colour))?;
                below.draw_text(&panel.series[i].name, &("sans-serif", 11).into_text_style(&below), (x + 16, y))?;
            }
        }
        root.present()?;
        drop((middle, below));
        drop(root);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_keeps_the_extremes() {
        let points: Vec<(f64, f64)> = (0..20_000).map(|i| (f64::from(i), if i == 777 { 9.0 } else { 0.0 })).collect();
        let kept = thinned(points.iter().copied());
        assert!(kept.len() <= MOST_POINTS && kept.contains(&(777.0, 9.0)));
        assert!(kept.windows(2).all(|w| w[0].0 < w[1].0));
    }

    #[test]
    fn a_figure_without_extent_or_with_gaps_is_drawn() {
        let panel = Panel::new("one", "x (s)", "y (mV)")
            .with("a", Mark::Dots, vec![(1.0, 2.0), (f64::NAN, 1.0)])
            .with("", Mark::Ticks, vec![(1.0, 2.0)])
            .published((1.0, 1.0), (2.0, 2.0));
        let figure = Figure { panels: vec![panel.clone().log_x(), panel, Panel::new("empty", "", "")] };
        let svg = figure.svg("title <b>", "source").unwrap();
        assert!(svg.starts_with("<svg") && svg.contains("mV") && !svg.contains("<b>"));
    }
}
