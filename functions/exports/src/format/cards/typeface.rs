//! The letters of a PDF: two weights of Noto Sans, of which a document embeds what it uses.
//!
//! Each character has a code of its own, whatever glyph shows it. So what is copied or searched in
//! the document is what was written, even where two letters look alike, and even where the font has
//! no glyph: what is missing is shown as an empty box.

use std::collections::BTreeMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Filter, Finish, Name, Pdf, Rect, Ref, Str};
use subsetter::{GlyphRemapper, subset};
use ttf_parser::{Face, GlyphId};

/// How a code stands for a glyph: by a table that we write.
const SYSTEM: SystemInfo<'static> = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// The weight of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    Regular,
    Bold,
}

/// A character that the document uses.
struct Used {
    character: char,
    /// In the embedded subset.
    glyph: u16,
    /// In thousandths of the font's size.
    width: f32,
}

/// A weight, and what the document uses of it.
pub struct Typeface {
    weight: Weight,
    data: &'static [u8],
    face: Face<'static>,
    /// By code; the first stands for no character.
    used: Vec<Used>,
    codes: BTreeMap<char, u16>,
    glyphs: GlyphRemapper,
}

impl Typeface {
    /// The typeface, not used yet.
    pub fn new(weight: Weight) -> Self {
        let data: &'static [u8] = match weight {
            Weight::Regular => include_bytes!("../../../fonts/NotoSans-Regular.ttf"),
            Weight::Bold => include_bytes!("../../../fonts/NotoSans-Bold.ttf"),
        };
        let face = Face::parse(data, 0).expect("the fonts are ours, and are well formed");
        let missing = Used { character: '\u{fffd}', glyph: 0, width: width(&face, GlyphId(0)) };
        Self { weight, data, face, used: vec![missing], codes: BTreeMap::new(), glyphs: GlyphRemapper::new() }
    }

    /// The name by which pages call it.
    pub fn name(&self) -> Name<'static> {
        match self.weight {
            Weight::Regular => Name(b"R"),
            Weight::Bold => Name(b"B"),
        }
    }

    /// How wide `text` is at `size`, in the units of `size`.
    pub fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|c| width(&self.face, self.glyph(c))).sum::<f32>() * size / 1000.0
    }

    /// `text` as a page shows it: two bytes for each character.
    pub fn encode(&mut self, text: &str) -> Vec<u8> {
        text.chars().flat_map(|c| self.code(c).to_be_bytes()).collect()
    }

    /// Whether it can show `character`.
    #[cfg(test)]
    pub fn has(&self, character: char) -> bool {
        self.face.glyph_index(character).is_some()
    }

    fn glyph(&self, character: char) -> GlyphId {
        self.face.glyph_index(character).unwrap_or_default()
    }

    fn code(&mut self, character: char) -> u16 {
        if let Some(code) = self.codes.get(&character) {
            return *code;
        }
        let Ok(code) = u16::try_from(self.used.len()) else {
            return 0;
        };
        let glyph = self.glyph(character);
        let width = width(&self.face, glyph);
        self.used.push(Used { character, glyph: self.glyphs.remap(glyph.0), width });
        self.codes.insert(character, code);
        code
    }

    /// Writes the font as object `id`, and what it consists of as `next` objects.
    ///
    /// # Errors
    /// What the subsetter says of the font.
    pub fn embed(&self, pdf: &mut Pdf, id: Ref, mut next: impl FnMut() -> Ref) -> Result<(), subsetter::Error> {
        let [descendant, descriptor, unicode, map, file] = std::array::from_fn(|_| next());
        // Six letters make a subset known as one.
        let name = match self.weight {
            Weight::Regular => Name(b"CARDSR+NotoSans-Regular"),
            Weight::Bold => Name(b"CARDSB+NotoSans-Bold"),
        };
        pdf.type0_font(id)
            .base_font(name)
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(descendant)
            .to_unicode(unicode);
        let mut font = pdf.cid_font(descendant);
        font.subtype(CidFontType::Type2).base_font(name).system_info(SYSTEM).font_descriptor(descriptor);
        font.default_width(0.0).cid_to_gid_map_stream(map);
        font.widths().consecutive(0, self.used.iter().map(|used| used.width));
        font.finish();
        self.describe(pdf, descriptor, name, file);

        let mut cmap = UnicodeCmap::new(Name(b"Characters"), SYSTEM);
        for (code, used) in (0u16..).zip(&self.used) {
            cmap.pair(code, used.character);
        }
        let (cmap, glyphs) = (cmap.finish(), self.used.iter().flat_map(|used| used.glyph.to_be_bytes()));
        let (cmap, glyphs) = (packed(cmap.as_slice()), packed(&glyphs.collect::<Vec<u8>>()));
        pdf.cmap(unicode, &cmap).filter(Filter::FlateDecode);
        pdf.stream(map, &glyphs).filter(Filter::FlateDecode);
        let subset = subset(self.data, 0, &self.glyphs)?;
        let length = i32::try_from(subset.len()).unwrap_or(i32::MAX);
        pdf.stream(file, &packed(&subset)).filter(Filter::FlateDecode).pair(Name(b"Length1"), length);
        Ok(())
    }

    fn describe(&self, pdf: &mut Pdf, id: Ref, name: Name, file: Ref) {
        let scaled = |units: i16| f32::from(units) * 1000.0 / f32::from(self.face.units_per_em());
        let bounds = self.face.global_bounding_box();
        let bounds = Rect::new(scaled(bounds.x_min), scaled(bounds.y_min), scaled(bounds.x_max), scaled(bounds.y_max));
        pdf.font_descriptor(id)
            .name(name)
            .flags(FontFlags::NON_SYMBOLIC)
            .bbox(bounds)
            .italic_angle(0.0)
            .ascent(scaled(self.face.ascender()))
            .descent(scaled(self.face.descender()))
            .cap_height(scaled(self.face.capital_height().unwrap_or_default()))
            // The thickness of stems is not in the font; it is used only where the font is missing.
            .stem_v(if self.weight == Weight::Bold { 140.0 } else { 80.0 })
            .font_file2(file);
    }
}

/// How wide a glyph is, in thousandths of the font's size.
fn width(face: &Face<'_>, glyph: GlyphId) -> f32 {
    f32::from(face.glyph_hor_advance(glyph).unwrap_or_default()) * 1000.0 / f32::from(face.units_per_em())
}

/// A stream's bytes as they are kept.
pub fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
    packer.write_all(bytes).and_then(|()| packer.finish()).expect("writing to memory does not fail")
}
