//! What the fuzz targets begin with: files out of the text cases, and small archives and videos that are made here.

use std::fs;
use std::path::Path;

use crate::result::Result;

/// A function that gives a target's inputs, from the root of the repository.
type Inputs = fn(&Path) -> Result<Vec<Vec<u8>>>;

/// Every target, and where its inputs are from.
pub(super) const TARGETS: &[(&str, Inputs)] = &[
    ("front_matter", front_matter),
    ("markdown", markdown),
    ("declarations", declarations),
    ("tus", tus),
    ("archive", archive),
    ("video", video),
];

/// Writes the inputs of every target below a directory; what fuzzing found there before stays.
///
/// # Errors
/// When the cases cannot be read, or the inputs not written.
pub(super) fn write(root: &Path, corpus: &Path) -> Result<()> {
    fs::create_dir_all(corpus.with_file_name("artifacts"))?;
    for (target, inputs) in TARGETS {
        keep(&corpus.join(target), &inputs(root)?)?;
    }
    Ok(())
}

/// Makes a directory and writes a file of each input, named by its place.
fn keep(directory: &Path, inputs: &[Vec<u8>]) -> Result<()> {
    fs::create_dir_all(directory)?;
    for (place, input) in inputs.iter().enumerate() {
        fs::write(directory.join(format!("seed-{place:04}")), input)?;
    }
    Ok(())
}

/// Texts of the files of a kind in all text cases.
fn in_cases(root: &Path, extension: &str) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    for path in files(&root.join("tests/cases"), "txt")? {
        let case = fs::read_to_string(path)?;
        let site = case.split("\n== diagnostics").next().unwrap_or_default();
        for file in site.split("\n-- ").skip(1) {
            let Some((header, text)) = file.split_once(" --\n") else {
                continue;
            };
            if header.ends_with(extension) {
                texts.push(format!("{text}\n"));
            }
        }
    }
    Ok(texts)
}

/// Files with an extension below a directory, in order.
fn files(directory: &Path, extension: &str) -> Result<Vec<std::path::PathBuf>> {
    let mut found = Vec::new();
    for item in fs::read_dir(directory)? {
        let path = item?.path();
        if path.is_dir() {
            found.extend(files(&path, extension)?);
        } else if path.extension().is_some_and(|other| other == extension) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The first byte chooses a kind.
fn front_matter(root: &Path) -> Result<Vec<Vec<u8>>> {
    let texts = in_cases(root, ".md")?.into_iter().enumerate();
    let chosen = |(place, text): (usize, String)| [&[place as u8][..], text.as_bytes()].concat();
    Ok(texts.map(chosen).collect())
}

fn markdown(root: &Path) -> Result<Vec<Vec<u8>>> {
    let mut bodies = in_cases(root, ".md")?;
    bodies.push(fs::read_to_string(
        root.join("crates/jixia-markdown/tests/markdown/hostile.txt"),
    )?);
    for path in files(&root.join("crates/jixia-markdown/tests/markdown/cases"), "md")? {
        bodies.push(fs::read_to_string(path)?);
    }
    Ok(bodies.into_iter().map(String::into_bytes).collect())
}

/// The first byte chooses between a kind, a vocabulary, a rubric and units.
fn declarations(root: &Path) -> Result<Vec<Vec<u8>>> {
    let mut inputs: Vec<Vec<u8>> = in_cases(root, ".toml")?
        .iter()
        .flat_map(|text| (0..4).map(move |choice| [&[choice][..], text.as_bytes()].concat()))
        .collect();
    for (choice, directory) in ["kinds", "vocabularies", "rubrics"].into_iter().enumerate() {
        for path in files(&root.join("src/content").join(directory), "toml")? {
            inputs.push([&[choice as u8][..], &fs::read(path)?].concat());
        }
    }
    Ok(inputs)
}

fn tus(_root: &Path) -> Result<Vec<Vec<u8>>> {
    let headers = [
        "filename YS5tcDQ=,submission czE=",
        "filename 6K--,,is flag",
        "104857600",
        "0",
        "+1",
        "",
    ];
    Ok(headers.map(|header| header.as_bytes().to_vec()).to_vec())
}

fn archive(_root: &Path) -> Result<Vec<Vec<u8>>> {
    let workbook: &[(&str, &str)] = &[
        (
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<Relationships><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>",
        ),
        (
            "xl/workbook.xml",
            "<workbook xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>",
        ),
        ("xl/sharedStrings.xml", "<sst><si><t>姓名</t></si></sst>"),
        (
            "xl/worksheets/sheet1.xml",
            "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\"><v>1.5</v></c></row></sheetData></worksheet>",
        ),
    ];
    let document: &[(&str, &str)] = &[(
        "word/document.xml",
        "<w:document><w:p><w:t>电话 &amp; 13800138000</w:t></w:p></w:document>",
    )];
    let hostile: &[(&str, &str)] = &[("../a", "x"), ("C:\\b.exe", "MZ"), ("c.zip", "PK\u{3}\u{4}")];
    let table = "姓名,邮箱\r\n\"示例,甲\",a@example.org\r\n".as_bytes().to_vec();
    Ok(vec![
        zip(workbook),
        zip(document),
        zip(hostile),
        zip(&[]),
        table,
        b"a\tb\n1\t2\n".to_vec(),
    ])
}

/// A ZIP archive of parts that are not packed (APPNOTE 6.3.10: 4.3.7, 4.3.12, 4.3.16).
fn zip(parts: &[(&str, &str)]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, text) in parts {
        let at = bytes.len() as u32;
        let mut shared = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        shared.extend(crc32(text.as_bytes()).to_le_bytes());
        shared.extend((text.len() as u32).to_le_bytes());
        shared.extend((text.len() as u32).to_le_bytes());
        shared.extend((name.len() as u16).to_le_bytes());
        shared.extend([0, 0]);
        bytes.extend([b"PK\x03\x04", &shared[..], name.as_bytes(), text.as_bytes()].concat());
        directory.extend(
            [
                b"PK\x01\x02\x14\0",
                &shared[..],
                &[0; 10],
                &at.to_le_bytes(),
                name.as_bytes(),
            ]
            .concat(),
        );
    }
    let count = (parts.len() as u16).to_le_bytes();
    let at = (bytes.len() as u32).to_le_bytes();
    let size = (directory.len() as u32).to_le_bytes();
    bytes.extend(directory);
    bytes.extend([b"PK\x05\x06\0\0\0\0", &count[..], &count, &size, &at, &[0, 0]].concat());
    bytes
}

/// The checksum of ZIP (ISO 3309).
fn crc32(bytes: &[u8]) -> u32 {
    let byte = |sum: u32, byte: &u8| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg())
        })
    };
    !bytes.iter().fold(!0, byte)
}

fn video(_root: &Path) -> Result<Vec<Vec<u8>>> {
    let boxed =
        |name: &[u8; 4], inner: &[u8]| [&(inner.len() as u32 + 8).to_be_bytes(), &name[..], inner].concat();
    let description = boxed(
        b"stsd",
        &[&[0, 0, 0, 0, 0, 0, 0, 1][..], &boxed(b"avc1", &[0; 70])].concat(),
    );
    let handler = boxed(b"hdlr", &[&[0; 8][..], b"vide", &[0; 12]].concat());
    let media = boxed(b"minf", &boxed(b"stbl", &description));
    let track = boxed(b"trak", &boxed(b"mdia", &[handler, media].concat()));
    let movie = boxed(b"moov", &[boxed(b"mvhd", &[0; 100]), track].concat());
    let mp4 = [boxed(b"ftyp", b"isom\0\0\0\0"), movie].concat();
    let element = |name: &[u8], inner: &[u8]| [name, &[0x80 | inner.len() as u8], inner].concat();
    let head = element(&[0x1a, 0x45, 0xdf, 0xa3], &element(&[0x42, 0x82], b"webm"));
    let track = element(&[0xae], &element(&[0x86], b"V_VP9"));
    let info = element(&[0x15, 0x49, 0xa9, 0x66], &element(&[0x44, 0x89], &[0; 8]));
    let tables = [info, element(&[0x16, 0x54, 0xae, 0x6b], &track)].concat();
    let webm = [head, element(&[0x18, 0x53, 0x80, 0x67], &tables)].concat();
    Ok(vec![mp4, webm])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_the_standard() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }
}
