//! A small writer of SVG: shapes with classes, text that is escaped, one title and one description.

use std::fmt::Write;

/// Text that is safe inside an element or a quoted attribute; characters that XML forbids are left out.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#x27;"),
            c if is_printable(c) => out.push(c),
            _ => {}
        }
    }
    out
}

/// Text without the characters that XML forbids.
pub(crate) fn printable(text: &str) -> String {
    text.chars().filter(|c| is_printable(*c)).collect()
}

fn is_printable(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r') || (!c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}'))
}

/// A coordinate with one decimal, as short as it can be written.
pub(crate) fn coordinate(x: f64) -> String {
    tenths(to_tenths(x))
}

/// A coordinate in tenths of a pixel.
pub(crate) fn to_tenths(x: f64) -> i64 {
    if x.is_finite() { (x * 10.0).round() as i64 } else { 0 }
}

/// Tenths of a pixel as text.
pub(crate) fn tenths(t: i64) -> String {
    let (sign, t) = (if t < 0 { "-" } else { "" }, t.abs());
    match (t / 10, t % 10) {
        (whole, 0) => format!("{sign}{whole}"),
        (0, part) => format!("{sign}.{part}"),
        (whole, part) => format!("{sign}{whole}.{part}"),
    }
}

/// Where a text is anchored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// A drawing under way; every shape takes its colours from the page's style sheet by class.
#[derive(Debug)]
pub(crate) struct Drawing {
    width: f64,
    body: String,
}

impl Drawing {
    pub(crate) fn new(width: f64) -> Self {
        Self { width, body: String::new() }
    }

    pub(crate) fn width(&self) -> f64 {
        self.width
    }

    /// Appends to the body; writing to a `String` cannot fail.
    fn put(&mut self, arguments: std::fmt::Arguments<'_>) {
        let _ = self.body.write_fmt(arguments);
    }

    pub(crate) fn line(&mut self, from: (f64, f64), to: (f64, f64), class: &str) {
        let d = format!("M{} {}L{} {}", coordinate(from.0), coordinate(from.1), coordinate(to.0), coordinate(to.1));
        self.path(&d, class);
    }

    pub(crate) fn path(&mut self, d: &str, class: &str) {
        self.put(format_args!("<path class=\"{}\" d=\"{d}\"/>", escape(class)));
    }

    pub(crate) fn rectangle(&mut self, at: (f64, f64), size: (f64, f64), class: &str) {
        let [x, y, w, h] = [at.0, at.1, size.0, size.1].map(coordinate);
        self.put(format_args!("<rect class=\"{}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"/>", escape(class)));
    }

    pub(crate) fn ellipse(&mut self, at: (f64, f64), radii: (f64, f64), turn_deg: f64, class: &str) {
        let [x, y, rx, ry, turn] = [at.0, at.1, radii.0, radii.1, turn_deg].map(coordinate);
        let turned = if turn_deg == 0.0 { String::new() } else { format!(" transform=\"rotate({turn} {x} {y})\"") };
        self.put(format_args!(
            "<ellipse class=\"{}\" cx=\"{x}\" cy=\"{y}\" rx=\"{rx}\" ry=\"{ry}\"{turned}/>",
            escape(class)
        ));
    }

    pub(crate) fn text(&mut self, at: (f64, f64), anchor: Anchor, class: &str, text: &str) {
        let [x, y] = [at.0, at.1].map(coordinate);
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        self.put(format_args!("<text class=\"{}\" x=\"{x}\" y=\"{y}\"{anchor}>{}</text>", escape(class), escape(text)));
    }

    /// Raw SVG that holds no text from outside (pattern definitions).
    pub(crate) fn definitions(&mut self, svg: &'static str) {
        self.body.push_str(svg);
    }

    /// The finished element. `id` must be unique on the page; title and description are read out by screen readers.
    pub(crate) fn finish(self, id: &str, title: &str, description: &str, height: f64) -> String {
        let id = escape(id);
        format!(
            "<svg role=\"img\" aria-labelledby=\"{id}-t {id}-d\" viewBox=\"0 0 {} {}\"><title id=\"{id}-t\">{}</title>\
             <desc id=\"{id}-d\">{}</desc>{}</svg>",
            coordinate(self.width),
            coordinate(height),
            escape(title),
            escape(description),
            self.body
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_short_and_right() {
        assert_eq!(
            ["0", "1.5", "-.4", "12", "-3"].map(str::to_owned),
            [0.0, 1.49999, -0.41, 12.04, -3.0].map(coordinate)
        );
        assert_eq!(coordinate(f64::NAN), "0");
    }

    #[test]
    fn text_from_outside_cannot_leave_its_element() {
        let mut drawing = Drawing::new(10.0);
        drawing.text((0.0, 0.0), Anchor::Start, "a", "</text><script>\u{0}\"'&");
        let svg = drawing.finish("x\"", "<b>", "d", 10.0);
        assert!(!svg.contains("<script>") && !svg.contains("<b>") && !svg.contains('\u{0}'));
        assert!(roxmltree::Document::parse(&svg).is_ok(), "{svg}");
    }
}
