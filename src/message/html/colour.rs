//! The colours of text and of what is behind it: text in the colour of its background is not seen.
//!
//! Only attributes and inline styles are looked at, as mail programs write them. The page is white
//! and its text black where nothing else is said.

use crate::html::Tag;

use super::markup::declarations;

/// Red, green and blue.
type Rgb = [u8; 3];

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];

/// Colours that differ by no more than this in each channel cannot be told apart.
const NEAR: u8 = 24;
/// What is more transparent than this, as a part of 1, is not seen.
const FAINTEST: f32 = 0.1;

/// Names that mail programs write, and the near-white ones that hide text.
const NAMES: [(&str, Rgb); 30] = [
    ("white", WHITE),
    ("window", WHITE),
    ("canvas", WHITE),
    ("snow", [255, 250, 250]),
    ("ivory", [255, 255, 240]),
    ("ghostwhite", [248, 248, 255]),
    ("mintcream", [245, 255, 250]),
    ("azure", [240, 255, 255]),
    ("floralwhite", [255, 250, 240]),
    ("whitesmoke", [245, 245, 245]),
    ("aliceblue", [240, 248, 255]),
    ("honeydew", [240, 255, 240]),
    ("seashell", [255, 245, 238]),
    ("lavenderblush", [255, 240, 245]),
    ("black", BLACK),
    ("windowtext", BLACK),
    ("canvastext", BLACK),
    ("gray", [128, 128, 128]),
    ("grey", [128, 128, 128]),
    ("silver", [192, 192, 192]),
    ("red", [255, 0, 0]),
    ("maroon", [128, 0, 0]),
    ("yellow", [255, 255, 0]),
    ("lime", [0, 255, 0]),
    ("green", [0, 128, 0]),
    ("aqua", [0, 255, 255]),
    ("blue", [0, 0, 255]),
    ("navy", [0, 0, 128]),
    ("fuchsia", [255, 0, 255]),
    ("purple", [128, 0, 128]),
];

/// What a value says of a colour.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Colour {
    /// This one, with its opacity from 0 to 1.
    Known(Rgb, f32),
    /// One that is not known here; it is taken for one that can be seen.
    Unknown,
    /// None: what was before stays.
    Inherited,
}

/// The colours that text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ink {
    /// `None` where it is not known.
    text: Option<Rgb>,
    /// `None` where it is not known.
    behind: Option<Rgb>,
    /// The text's colour lets all through.
    clear: bool,
}

impl Default for Ink {
    fn default() -> Self {
        Self { text: Some(BLACK), behind: Some(WHITE), clear: false }
    }
}

impl Ink {
    /// The colours inside an element that stands in these; `style` is its style without white space.
    pub fn inside(mut self, tag: &Tag, style: &str) -> Self {
        let legacy = |name: &str| tag.attribute(name).map(|value| legacy(&value.trim().to_ascii_lowercase()));
        let text = match tag.name() {
            "font" => legacy("color"),
            "body" => legacy("text"),
            _ => None,
        };
        self.write(text.unwrap_or(Colour::Inherited));
        self.paint(legacy("bgcolor").unwrap_or(Colour::Inherited));
        if !style.contains("color") && !style.contains("background") {
            return self;
        }
        for (property, value) in declarations(tag) {
            match property.as_str() {
                "color" | "-webkit-text-fill-color" => self.write(colour(&value)),
                "background-color" => self.paint(colour(&value)),
                "background" => self.paint(background(&value)),
                _ => {}
            }
        }
        self
    }

    /// Text in these colours cannot be told from what is behind it.
    pub fn is_unseen(self) -> bool {
        let same = |(text, behind): (Rgb, Rgb)| text.iter().zip(behind).all(|(a, b)| a.abs_diff(b) <= NEAR);
        self.clear || self.text.zip(self.behind).is_some_and(same)
    }

    fn write(&mut self, colour: Colour) {
        match colour {
            Colour::Known(text, opacity) => (self.text, self.clear) = (Some(text), opacity <= FAINTEST),
            Colour::Unknown => (self.text, self.clear) = (None, false),
            Colour::Inherited => {}
        }
    }

    fn paint(&mut self, colour: Colour) {
        match colour {
            Colour::Known(_, opacity) if opacity <= 0.5 => {}
            Colour::Known(behind, _) => self.behind = Some(behind),
            Colour::Unknown => self.behind = None,
            Colour::Inherited => {}
        }
    }
}

/// A colour as an attribute has it: also digits without their `#`.
fn legacy(value: &str) -> Colour {
    match colour(value) {
        Colour::Unknown => hex(value).unwrap_or(Colour::Unknown),
        known => known,
    }
}

/// The colour in a `background`. An image counts for nothing: mail programs show none before they
/// are asked to, and the text then stands on the colour.
fn background(value: &str) -> Colour {
    if value.contains("url(") || value.contains("gradient(") {
        let known = value.split_whitespace().map(colour).find(|colour| matches!(colour, Colour::Known(..)));
        return known.unwrap_or(Colour::Inherited);
    }
    match colour(value) {
        Colour::Unknown => value.split_whitespace().map(colour).find(|one| *one != Colour::Unknown),
        known => Some(known),
    }
    .unwrap_or(Colour::Unknown)
}

/// A colour of a style sheet (CSS Color 4, section 5), in lower case.
fn colour(value: &str) -> Colour {
    if let Some(digits) = value.strip_prefix('#') {
        return hex(digits).unwrap_or(Colour::Unknown);
    }
    if let Some((function, arguments)) = value.split_once('(') {
        return called(function.trim(), arguments).unwrap_or(Colour::Unknown);
    }
    match value {
        "transparent" => Colour::Known(WHITE, 0.0),
        "inherit" | "currentcolor" | "unset" | "none" | "" => Colour::Inherited,
        name => {
            let known = NAMES.iter().find(|(known, _)| *known == name);
            known.map_or(Colour::Unknown, |(_, rgb)| Colour::Known(*rgb, 1.0))
        }
    }
}

/// `fff`, `fff8`, `ffffff`, `ffffff80`.
fn hex(digits: &str) -> Option<Colour> {
    let values: Vec<u8> = digits
        .chars()
        .take(9)
        .map(|c| c.to_digit(16).and_then(|digit| digit.try_into().ok()))
        .collect::<Option<_>>()?;
    let channels: Vec<u8> = match values.len() {
        3 | 4 => values.iter().map(|value| value * 17).collect(),
        6 | 8 => values.chunks_exact(2).map(|pair| pair.iter().fold(0, |all, value| all * 16 + value)).collect(),
        _ => return None,
    };
    let (rgb, alpha) = channels.split_first_chunk::<3>()?;
    Some(Colour::Known(*rgb, alpha.first().map_or(1.0, |alpha| f32::from(*alpha) / 255.0)))
}

/// `rgb(255, 255, 255)`, `rgb(100% 100% 100% / 50%)`, `hsl(0, 0%, 100%)`. Of `hsl` only the greys
/// are known.
fn called(function: &str, arguments: &str) -> Option<Colour> {
    let arguments = arguments.trim_end().strip_suffix(')')?;
    let mut parts = arguments.split([',', '/', ' ', '\t', '\n', '\r']).filter(|part| !part.is_empty());
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    let opacity = parts.next().map_or(Some(1.0), |part| amount(part, 1.0))?;
    match function {
        "rgb" | "rgba" => {
            Some(Colour::Known([channel(first, 255.0)?, channel(second, 255.0)?, channel(third, 255.0)?], opacity))
        }
        "hsl" | "hsla" => {
            let (saturation, lightness) = (amount(second, 1.0)?, amount(third, 1.0)?);
            let grey = saturation <= 0.05 || !(0.03..=0.97).contains(&lightness);
            let level = channel(third, 1.0)?;
            grey.then_some(Colour::Known([level; 3], opacity))
        }
        _ => None,
    }
}

/// A number as a part of the whole, or a percentage.
fn amount(part: &str, whole: f32) -> Option<f32> {
    let (number, whole) = part.strip_suffix('%').map_or((part, whole), |number| (number, 100.0));
    number.parse::<f32>().ok().filter(|number| number.is_finite()).map(|number| (number / whole).clamp(0.0, 1.0))
}

/// A channel from 0 to 255.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is clamped to 0..=255")]
fn channel(part: &str, whole: f32) -> Option<u8> {
    amount(part, whole).map(|part| (part * 255.0).round() as u8)
}
