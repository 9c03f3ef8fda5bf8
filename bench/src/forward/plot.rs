//! What a packet costs against the number of subscribers, as a picture (SVG): a panel for each load. It measures nothing.

use std::fmt::{self, Write as _};

use super::load::LoadKind;
use super::result::Outcome;
use crate::systems::Kind;

const WIDTH: f64 = 720.0;
const PANEL: f64 = 340.0;
/// Around the lines of a panel: for the scale, the title, the names of systems and the numbers of subscribers.
const LEFT: f64 = 60.0;
const TOP: f64 = 50.0;
const RIGHT: f64 = 130.0;
const BOTTOM: f64 = 50.0;
/// Names at the ends of lines are at least this far from each other.
const LINE_HEIGHT: f64 = 15.0;

/// The picture.
pub(super) fn of(outcome: &Outcome) -> String {
    let mut loads: Vec<LoadKind> = Vec::new();
    for setup in outcome.setups() {
        if !loads.contains(&setup.load) {
            loads.push(setup.load);
        }
    }
    let height = PANEL * loads.len() as f64;
    let mut svg = String::new();
    // Writing to a text cannot fail.
    let _ = write(outcome, &loads, height, &mut svg);
    svg
}

fn write(outcome: &Outcome, loads: &[LoadKind], height: f64, svg: &mut String) -> fmt::Result {
    writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"sans-serif\" \
         font-size=\"12\">\n<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#fff\"/>"
    )?;
    for (index, load) in loads.iter().enumerate() {
        writeln!(svg, "<g transform=\"translate(0 {})\">", PANEL * index as f64)?;
        Panel::new(outcome, *load).write(svg)?;
        writeln!(svg, "</g>")?;
    }
    writeln!(svg, "</svg>")
}

/// The lines of one load.
struct Panel {
    load: LoadKind,
    /// Numbers of subscribers, from left to right.
    subscribers: Vec<u32>,
    lines: Vec<(Kind, Vec<(u32, f64)>)>,
    /// The top of the scale, and its steps.
    most: f64,
    step: f64,
}

impl Panel {
    fn new(outcome: &Outcome, load: LoadKind) -> Self {
        let mut subscribers: Vec<u32> =
            outcome.setups().iter().filter(|setup| setup.load == load).map(|setup| setup.subscribers).collect();
        subscribers.sort_unstable();
        let mut lines = Vec::new();
        for (kind, rows) in &outcome.systems {
            let rows = rows.0.iter().filter(|figures| figures.setup.load == load);
            let mut points: Vec<_> = rows.map(|figures| (figures.setup.subscribers, figures.cpu_s_per_mpkt)).collect();
            points.sort_by_key(|(subscribers, _)| *subscribers);
            lines.push((*kind, points));
        }
        let most = lines.iter().flat_map(|(_, points)| points).map(|(_, cost)| *cost).fold(0.0, f64::max);
        let step = [0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0].into_iter().find(|step| most / step <= 8.0).unwrap_or(100.0);
        Self { load, subscribers, lines, most: (most / step).ceil().max(1.0) * step, step }
    }

    fn x(&self, subscribers: u32) -> f64 {
        let place = self.subscribers.iter().position(|other| *other == subscribers).unwrap_or(0);
        let gaps = self.subscribers.len().saturating_sub(1).max(1);
        LEFT + 20.0 + (WIDTH - LEFT - RIGHT - 30.0) * place as f64 / gaps as f64
    }

    fn y(&self, cost: f64) -> f64 {
        PANEL - BOTTOM - (PANEL - TOP - BOTTOM) * cost / self.most
    }

    fn write(&self, svg: &mut String) -> fmt::Result {
        writeln!(
            svg,
            "<text x=\"{LEFT}\" y=\"24\" font-weight=\"bold\">CPU seconds a million packets received, load {}</text>",
            self.load
        )?;
        let mut mark = 0.0;
        while mark <= self.most {
            let (y, right) = (self.y(mark), WIDTH - RIGHT);
            writeln!(
                svg,
                "<line x1=\"{LEFT}\" x2=\"{right}\" y1=\"{y:.1}\" y2=\"{y:.1}\" stroke=\"#ddd\"/>\
                 <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#555\">{mark}</text>",
                LEFT - 8.0,
                y + 4.0
            )?;
            mark += self.step;
        }
        for subscribers in &self.subscribers {
            let (x, y) = (self.x(*subscribers), PANEL - BOTTOM + 18.0);
            writeln!(svg, "<text x=\"{x:.1}\" y=\"{y}\" text-anchor=\"middle\" fill=\"#555\">{subscribers}</text>")?;
        }
        let middle = LEFT + (WIDTH - LEFT - RIGHT) / 2.0;
        writeln!(svg, "<text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">subscribers</text>", PANEL - 12.0)?;
        for (kind, points) in &self.lines {
            let colour = colour(*kind);
            let path: Vec<_> = points.iter().map(|(at, cost)| format!("{:.1},{:.1}", self.x(*at), self.y(*cost))).collect();
            writeln!(svg, "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>", path.join(" "))?;
            for (at, cost) in points {
                let (x, y) = (self.x(*at), self.y(*cost));
                writeln!(svg, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{colour}\"/>")?;
            }
        }
        self.write_names(svg)
    }

    /// Each system's name at the end of its line, moved down where it would cover another.
    fn write_names(&self, svg: &mut String) -> fmt::Result {
        let mut names: Vec<_> = self.lines.iter().filter_map(|(kind, points)| Some((*kind, points.last()?.1))).collect();
        names.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        let mut free = f64::MIN;
        for (kind, cost) in names {
            let y = (self.y(cost) + 4.0).max(free);
            free = y + LINE_HEIGHT;
            let (x, colour) = (WIDTH - RIGHT + 6.0, colour(kind));
            writeln!(svg, "<text x=\"{x}\" y=\"{y:.1}\" fill=\"{colour}\">{kind} {cost:.1}</text>")?;
        }
        Ok(())
    }
}

fn colour(kind: Kind) -> &'static str {
    match kind {
        Kind::Engine => "#0b57d0",
        Kind::EngineWithoutEstimation => "#6ea8fe",
        Kind::Janus => "#b45309",
        Kind::LiveKit => "#b91c1c",
        Kind::Floor => "#4b5563",
    }
}

#[cfg(test)]
mod tests {
    use super::super::result::tests::outcome;
    use super::*;

    #[test]
    fn every_system_has_a_line_and_a_name_of_its_own_height() {
        let outcome =
            outcome(&[(Kind::Engine, 50, 6.0), (Kind::Engine, 200, 5.0), (Kind::Floor, 50, 5.9), (Kind::Floor, 200, 5.0)]);
        let svg = of(&outcome);
        assert_eq!(svg.matches("<polyline").count(), 2, "{svg}");
        assert_eq!(svg.matches("<circle").count(), 4);
        let height = |name: &str| {
            let line = svg.lines().find(|line| line.contains(name)).unwrap();
            line.split("y=\"").nth(1).unwrap().split('"').next().unwrap().parse::<f64>().unwrap()
        };
        assert!((height(">engine 5.0") - height(">floor 5.0")).abs() >= LINE_HEIGHT, "{svg}");
    }
}
