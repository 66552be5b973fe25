//! The accent colours of a site and of its schools as style sheets, made readable on every ground of the theme.
//!
//! People choose a colour for a logo, not for text. Each is darkened on light grounds and lightened on dark ones until
//! it meets WCAG 2.2: 4.5:1 for text (criterion 1.4.3), and 7:1 (1.4.6) where the reader asked for high contrast.

use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Red, green, blue.
type Rgb = [u8; 3];

const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];
/// The ground of the theme's light colours that leaves text the least contrast; `--sunken` of its style sheet.
const LIGHT: Rgb = [0xea, 0xed, 0xee];
/// The same of the dark colours.
const DARK: Rgb = [0x25, 0x2d, 0x36];
/// Contrast of text, and of text for readers who asked for more.
const ENOUGH: f64 = 4.5;
const MORE: f64 = 7.0;
/// Steps from a colour to black or white.
const STEPS: u32 = 64;

/// Colours that pages accent with, `#rrggbb`.
#[derive(Debug, Clone, Default)]
pub struct Accents {
    /// The site's, or empty: the theme's own.
    pub site: String,
    /// Those of schools.
    pub schools: BTreeSet<String>,
}

impl Accents {
    /// The rules that give the whole site its accent; empty for the theme's own.
    pub(super) fn of_site(&self) -> String {
        parse(&self.site).map_or_else(String::new, |color| rules(color, ":root", ":root[data-contrast]"))
    }

    /// A class `accent-rrggbb` for each school's colour.
    pub(super) fn of_schools(&self) -> String {
        let colors: BTreeSet<Rgb> = self.schools.iter().filter_map(|text| parse(text)).collect();
        let mut sheet = String::new();
        for color in colors {
            let class = format!(".accent-{}", &hex(color)[1..]);
            sheet.push_str(&rules(color, &class, &format!("[data-contrast] {class}")));
        }
        sheet
    }
}

/// What an accent is on light and dark grounds, plain and with high contrast.
fn rules(color: Rgb, selector: &str, contrasting: &str) -> String {
    let light = |target| declarations(toward(color, BLACK, LIGHT, target), WHITE, BLACK);
    let dark = |target| declarations(toward(color, WHITE, DARK, target), DARK, WHITE);
    let mut sheet = String::from("@media screen{");
    let _ = write!(sheet, "{selector}{{{}}}", light(ENOUGH));
    let _ = write!(sheet, "{contrasting}{{{}}}}}", light(MORE));
    let _ = writeln!(
        sheet,
        "@media screen and (prefers-color-scheme:dark){{{selector}{{{}}}{contrasting}{{{}}}}}",
        dark(ENOUGH),
        dark(MORE)
    );
    sheet
}

/// The theme's properties of an accent: itself, a weak ground of its hue, and text upon it.
fn declarations(accent: Rgb, ground: Rgb, ink: Rgb) -> String {
    let weak = mix(ground, accent, STEPS / 9);
    let other = if ink == BLACK { WHITE } else { BLACK };
    format!(
        "--accent:{};--accent-weak:{};--on-accent:{}",
        hex(accent),
        hex(weak),
        hex(other)
    )
}

/// The first colour on the way to `end` that has enough contrast with `ground`.
fn toward(color: Rgb, end: Rgb, ground: Rgb, target: f64) -> Rgb {
    (0..=STEPS)
        .map(|step| mix(color, end, step))
        .find(|mixed| contrast(*mixed, ground) >= target)
        .unwrap_or(end)
}

/// `step` of [`STEPS`] of the way from one colour to another.
fn mix(from: Rgb, to: Rgb, step: u32) -> Rgb {
    let part = |from: u8, to: u8| {
        let sum = u32::from(from) * (STEPS - step) + u32::from(to) * step;
        u8::try_from(sum / STEPS).unwrap_or(u8::MAX)
    };
    [part(from[0], to[0]), part(from[1], to[1]), part(from[2], to[2])]
}

/// Contrast ratio of WCAG 2.2, from 1 to 21.
fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Relative luminance of WCAG 2.2.
fn luminance(color: Rgb) -> f64 {
    let linear = color.map(|value| {
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

fn hex([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn parse(text: &str) -> Option<Rgb> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let value = u32::from_str_radix(digits, 16).ok()?;
    let [_, red, green, blue] = value.to_be_bytes();
    Some([red, green, blue])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_accent_can_be_read() {
        for color in [
            "#000000", "#ffffff", "#ffd700", "#0b6e8a", "#c8102e", "#808080", "#00ff00",
        ] {
            let color = parse(color).unwrap_or_default();
            for target in [ENOUGH, MORE] {
                let (light, dark) = (
                    toward(color, BLACK, LIGHT, target),
                    toward(color, WHITE, DARK, target),
                );
                assert!(contrast(light, LIGHT) >= target, "{color:?} on light");
                assert!(contrast(light, WHITE) >= target, "white on {color:?}");
                assert!(contrast(dark, DARK) >= target, "{color:?} on dark");
                assert!(contrast(dark, BLACK) >= target, "black on {color:?}");
                for (accent, ground) in [(light, WHITE), (dark, DARK)] {
                    assert!(
                        contrast(accent, mix(ground, accent, STEPS / 9)) >= target * 0.8,
                        "{accent:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn schools_get_a_class_each() {
        let accents = Accents {
            site: String::new(),
            schools: ["#0B6E8A", "#0b6e8a", "red", "#12"].map(str::to_owned).into(),
        };
        let sheet = accents.of_schools();
        assert_eq!(sheet.matches("\n").count(), 1, "{sheet}");
        assert!(
            sheet.starts_with("@media screen{.accent-0b6e8a{--accent:#"),
            "{sheet}"
        );
        assert_eq!(accents.of_site(), "");
    }
}
