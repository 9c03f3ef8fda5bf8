//! Lines over a number, as a picture (SVG). It measures nothing.

use std::fmt::{self, Write as _};

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 340.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 130.0;
const TOP: f64 = 50.0;
const BOTTOM: f64 = 50.0;
const COLOURS: [&str; 4] = ["#0b57d0", "#b45309", "#4b5563", "#b91c1c"];

/// A line: its name and its points.
pub(super) type Line<'a> = (&'a str, Vec<(f64, f64)>);

/// The picture of some lines, from 0 upwards.
pub(super) fn of(title: &str, across: &str, lines: &[Line<'_>]) -> String {
    let mut svg = String::new();
    // Writing to a text cannot fail.
    let _ = write(title, across, lines, &mut svg);
    svg
}

fn write(title: &str, across: &str, lines: &[Line<'_>], svg: &mut String) -> fmt::Result {
    let most = |of: fn(&(f64, f64)) -> f64| lines.iter().flat_map(|(_, points)| points).map(of).fold(1e-9, f64::max);
    let (right, top) = (round_up(most(|p| p.0)), round_up(most(|p| p.1)));
    let x = |value: f64| LEFT + (WIDTH - LEFT - RIGHT) * value / right;
    let y = |value: f64| HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top;
    writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n\
         <text x=\"{LEFT}\" y=\"24\" font-weight=\"bold\">{title}</text>"
    )?;
    for step in 0..=5 {
        let share = f64::from(step) / 5.0;
        let (height, label) = (y(top * share), top * share);
        writeln!(
            svg,
            "<line x1=\"{LEFT}\" x2=\"{}\" y1=\"{height:.1}\" y2=\"{height:.1}\" stroke=\"#ddd\"/>\
             <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#555\">{label}</text>\
             <text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\" fill=\"#555\">{}</text>",
            WIDTH - RIGHT,
            LEFT - 8.0,
            height + 4.0,
            x(right * share),
            HEIGHT - BOTTOM + 18.0,
            right * share,
        )?;
    }
    writeln!(svg, "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\">{across}</text>", x(right / 2.0), HEIGHT - 12.0)?;
    for (index, (name, points)) in lines.iter().enumerate() {
        let colour = COLOURS[index % COLOURS.len()];
        let path: Vec<_> = points.iter().map(|(at, value)| format!("{:.1},{:.1}", x(*at), y(*value))).collect();
        writeln!(svg, "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>", path.join(" "))?;
        writeln!(
            svg,
            "<text x=\"{}\" y=\"{:.1}\" fill=\"{colour}\">{name}</text>",
            WIDTH - RIGHT + 6.0,
            TOP + 10.0 + 16.0 * index as f64
        )?;
    }
    writeln!(svg, "</svg>")
}

/// The next of 1, 2, 5, 10, … that is no less.
fn round_up(value: f64) -> f64 {
    let unit = 10_f64.powf(value.log10().floor());
    [1.0, 2.0, 5.0].into_iter().map(|step| step * unit).find(|step| *step >= value).unwrap_or(10.0 * unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_ends_at_a_round_number_above_all_values() {
        assert_eq!([0.7, 1.0, 1.1, 4.0, 51.0, 999.0].map(round_up), [1.0, 1.0, 2.0, 5.0, 100.0, 1000.0]);
        let svg = of("memory", "seconds", &[("one", vec![(0.0, 1.0), (10.0, 4.0)]), ("two", vec![(0.0, 2.0)])]);
        assert_eq!(svg.matches("<polyline").count(), 2);
        assert!(svg.contains("570.0,50.0") || svg.contains("590.0,96.0") || svg.contains("590.0,98.0"), "{svg}");
    }
}
