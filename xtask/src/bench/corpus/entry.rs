//! An entry of the corpus by its number: what it is, its front matter and its body.

use std::fmt::Write as _;

use super::prose::Words;
use super::{code, words};
use crate::bench::random::Random;

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Notice,
    News,
    Resource,
    Showcase,
    Page,
    School,
}

impl Kind {
    /// All kinds.
    pub(crate) const ALL: [Self; 6] = [
        Self::Notice,
        Self::News,
        Self::Resource,
        Self::Showcase,
        Self::Page,
        Self::School,
    ];

    /// Its directory and first part of its address.
    pub(crate) fn section(self) -> &'static str {
        match self {
            Self::Notice => "notices",
            Self::News => "news",
            Self::Resource => "resources",
            Self::Showcase => "showcase",
            Self::Page => "pages",
            Self::School => "schools",
        }
    }

    /// What readers call it.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Notice => "通知公告",
            Self::News => "教研动态",
            Self::Resource => "教学资源",
            Self::Showcase => "学生作品",
            Self::Page => "页面",
            Self::School => "院校风采",
        }
    }
}

/// For which program the corpus is written. The prose is the same; front matter and links are spelled as each
/// of them reads them without further work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flavor {
    Jixia,
    Hugo,
}

/// A value of the front matter.
pub(super) enum Value {
    Text(String),
    List(Vec<String>),
}

/// The most schools a corpus has, ten in every city.
const MOST_SCHOOLS: usize = 160;
/// Every so manieth entry is a school, until there are enough.
const SCHOOL_EVERY: usize = 60;
/// Days of the eight years over which the dates are spread.
const DAYS: usize = 8 * 365;
/// Bytes of a body: from, to. The mean file, front matter included, has 5.9 kB.
const BODY: (usize, usize) = (2_600, 7_300);

/// Kind and name of the entry with this number; both need no other entry.
pub(crate) fn identity(seed: u64, number: usize) -> (Kind, String) {
    let kind = match number % SCHOOL_EVERY {
        0 if number < MOST_SCHOOLS * SCHOOL_EVERY => Kind::School,
        30 => Kind::Page,
        _ => match Random::new(seed ^ (number as u64) << 20).below(100) {
            0..25 => Kind::Notice,
            25..65 => Kind::News,
            65..93 => Kind::Resource,
            _ => Kind::Showcase,
        },
    };
    (kind, format!("{}-{number:06}", &kind.section()[..4]))
}

/// Who publishes an entry: id, name and city.
pub(super) struct Unit {
    pub(super) id: String,
    pub(super) name: String,
    city: usize,
}

/// Writes one entry.
pub(super) struct Writer<'a> {
    pub(super) words: &'a Words,
    pub(super) flavor: Flavor,
    pub(super) seed: u64,
    pub(super) number: usize,
    pub(super) has_code: bool,
    random: Random,
}

impl<'a> Writer<'a> {
    pub(super) fn new(words: &'a Words, flavor: Flavor, seed: u64, number: usize, has_code: bool) -> Self {
        let random = Random::new(seed.wrapping_mul(31) ^ (number as u64 + 1) << 16);
        Self {
            words,
            flavor,
            seed,
            number,
            has_code,
            random,
        }
    }

    /// The text of the file.
    pub(super) fn text(&mut self) -> String {
        let (kind, _) = identity(self.seed, self.number);
        let mut text = "---\n".to_owned();
        for (key, value) in self.front(kind) {
            let _ = match value {
                Value::Text(value) => writeln!(text, "{key}: {value}"),
                Value::List(values) => writeln!(text, "{key}: [{}]", values.join(", ")),
            };
        }
        text.push_str("---\n\n");
        self.body(&mut text);
        text
    }

    fn front(&mut self, kind: Kind) -> Vec<(&'static str, Value)> {
        let mut front = Vec::new();
        if kind == Kind::School {
            self.school(&mut front);
        } else {
            let unit = self.unit();
            front.push(("title", Value::Text(self.title(kind, &unit))));
            if kind != Kind::Page {
                front.push(("date", Value::Text(self.date())));
            }
            front.extend(self.publisher(&unit));
            self.classified(kind, &unit, &mut front);
        }
        if self.random.chance(50) {
            let summary = self.words.sentence(&mut self.random);
            front.push(("summary", Value::Text(summary)));
        }
        let tags =
            (0..self.random.between(1, 4)).map(|_| (*self.random.pick_early(&self.words.tags)).to_owned());
        let mut tags: Vec<String> = tags.collect();
        tags.sort();
        tags.dedup();
        front.push(("tags", Value::List(tags)));
        front
    }

    fn title(&mut self, kind: Kind, unit: &Unit) -> String {
        let random = &mut self.random;
        let city = words::CITIES[unit.city].1;
        let (topic, event) = (*random.pick(&self.words.topics), *random.pick(&self.words.events));
        let (_, specialty) = *random.pick(&words::SPECIALTIES);
        let number = self.number;
        match kind {
            Kind::Notice => format!("关于举办{city}市{specialty}专业{topic}{event}的通知（第 {number} 号）"),
            Kind::News => format!("{city}{specialty}专业开展{topic}{event}（之 {number}）"),
            Kind::Resource => format!("{specialty}：{topic}第 {number} 讲"),
            Kind::Showcase => format!("{city}学生{specialty}作品 {number} 号"),
            Kind::Page | Kind::School => format!("{topic}{event}说明 {number}"),
        }
    }

    /// Front matter of a school, which is a unit itself.
    fn school(&mut self, front: &mut Vec<(&'static str, Value)>) {
        let unit = school(self.words, self.number);
        let (city, city_name) = words::CITIES[unit.city];
        let category = words::SCHOOLS[self.number / SCHOOL_EVERY % words::SCHOOLS.len()].0;
        front.push(("title", Value::Text(unit.name)));
        front.extend(self.term("category", "school-category", category));
        front.extend(self.term("affiliation", "affiliation", "city"));
        if self.flavor == Flavor::Hugo {
            front.push(("cities", Value::List(vec![city.to_owned()])));
        } else {
            front.push(("city", Value::Text(city.to_owned())));
        }
        front.push((
            "address",
            Value::Text(format!("{city_name}市示例区学府路 {} 号", self.number % 97 + 1)),
        ));
        front.push((
            "founded",
            Value::Text((1950 + self.number / SCHOOL_EVERY % 60).to_string()),
        ));
        let specialties = self.specialties();
        let key = if self.flavor == Flavor::Hugo {
            "specialty"
        } else {
            "specialties"
        };
        front.push((key, Value::List(specialties)));
        front.push(("weight", Value::Text((self.number + 1).to_string())));
    }

    /// Who answers for the entry.
    fn publisher(&mut self, unit: &Unit) -> Vec<(&'static str, Value)> {
        let author = format!("示例教师{}", ["甲", "乙", "丙", "丁"][self.random.below(4)]);
        let mut front = vec![
            ("unit", Value::Text(unit.id.clone())),
            ("authors", Value::List(vec![author])),
            ("signed_off_by", Value::Text("示例分管院长".to_owned())),
        ];
        if self.flavor == Flavor::Hugo {
            front.push(("unit_name", Value::Text(unit.name.clone())));
            front.push(("cities", Value::List(vec![words::CITIES[unit.city].0.to_owned()])));
        }
        front
    }

    /// The terms of its kind.
    fn classified(&mut self, kind: Kind, unit: &Unit, front: &mut Vec<(&'static str, Value)>) {
        match kind {
            Kind::Notice => {
                let category = self.random.pick(&words::NOTICES).0;
                front.extend(self.term("category", "notice-category", category));
                front.push(("issuer", Value::List(vec![unit.name.clone()])));
            }
            Kind::News => {
                let category = self.random.pick(&words::NEWS).0;
                front.extend(self.term("category", "news-category", category));
                front.push(("specialty", Value::List(self.specialties())));
            }
            Kind::Resource => {
                let category = self.random.pick(&words::RESOURCES).0;
                front.extend(self.term("category", "resource-category", category));
                front.push(("specialty", Value::List(self.specialties())));
                let audience = self.random.pick(&words::AUDIENCES).0;
                front.push(("audience", Value::List(vec![audience.to_owned()])));
                let format = self.random.pick(&words::FORMATS).0;
                front.push(("format", Value::List(vec![format.to_owned()])));
                front.push(("class_hours", Value::Text(self.random.between(1, 41).to_string())));
                let skills = (0..3).map(|_| self.words.skill(&mut self.random)).collect();
                front.push(("skill_points", Value::List(skills)));
            }
            Kind::Showcase => {
                front.extend(self.term("category", "showcase-category", "design"));
                front.push(("specialty", Value::List(self.specialties())));
            }
            Kind::Page | Kind::School => {
                front.push(("weight", Value::Text((self.number + 1).to_string())));
            }
        }
    }

    /// A word of a vocabulary: a field for Jixia, a list of the taxonomy for Hugo.
    fn term(
        &self,
        field: &'static str,
        vocabulary: &'static str,
        term: &str,
    ) -> Option<(&'static str, Value)> {
        Some(match self.flavor {
            Flavor::Jixia => (field, Value::Text(term.to_owned())),
            Flavor::Hugo => (vocabulary, Value::List(vec![term.to_owned()])),
        })
    }

    fn specialties(&mut self) -> Vec<String> {
        let first = self.random.below(words::SPECIALTIES.len());
        let second = (first + 1 + self.random.below(3)) % words::SPECIALTIES.len();
        let count = 1 + usize::from(self.random.chance(30));
        [first, second][..count]
            .iter()
            .map(|index| words::SPECIALTIES[*index].0.to_owned())
            .collect()
    }

    fn unit(&mut self) -> Unit {
        if self.random.chance(25) {
            let city = self.random.below(words::CITIES.len());
            let (id, name) = words::CITIES[city];
            return Unit {
                id: office(id),
                name: office_name(name),
                city,
            };
        }
        let schools = (self.number / SCHOOL_EVERY + 1).min(MOST_SCHOOLS);
        school(self.words, self.random.below(schools) * SCHOOL_EVERY)
    }

    fn date(&mut self) -> String {
        let day = self.random.below(DAYS);
        let (year, day) = (2018 + day / 365, day % 365);
        let (month, day) = (day / 31 + 1, day % 28 + 1);
        let (hour, minute) = (self.random.between(8, 18), self.random.below(60));
        match self.flavor {
            Flavor::Jixia => format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}"),
            Flavor::Hugo => format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:00+08:00"),
        }
    }

    fn body(&mut self, text: &mut String) {
        let end = text.len() + self.random.between(BODY.0, BODY.1);
        let opening = self.random.between(2, 4);
        text.push_str(&self.words.paragraph(&mut self.random, opening));
        text.push_str("\n\n");
        if self.has_code {
            self.section(text);
            code::snippet(&mut self.random, text);
            self.section(text);
            code::snippet(&mut self.random, text);
        }
        while text.len() < end {
            self.section(text);
        }
    }

    /// A heading and what stands below it.
    fn section(&mut self, text: &mut String) {
        let random = &mut self.random;
        let level = if random.chance(25) { "###" } else { "##" };
        let heading = *random.pick(&self.words.headings);
        let _ = writeln!(text, "{level} {heading}\n");
        let sentences = random.between(2, 6);
        text.push_str(&self.words.paragraph(random, sentences));
        if random.chance(35) {
            self.link(text);
        }
        text.push_str("\n\n");
        match self.random.below(10) {
            0..3 => self.words.list(&mut self.random, text),
            3..5 => self.words.table(&mut self.random, text),
            5 => {
                let quote = self.words.sentence(&mut self.random);
                let _ = writeln!(text, "> {quote}\n");
            }
            _ => {}
        }
    }

    /// A link to an entry that every corpus of this size has, most often a recent one.
    fn link(&mut self, text: &mut String) {
        let back = 1 + self.random.below(self.number.clamp(1, 500));
        let (kind, name) = identity(self.seed, self.number.saturating_sub(back));
        let section = kind.section();
        let _ = match self.flavor {
            Flavor::Jixia => write!(text, "参见[{}](../{section}/{name}.md)。", kind.label()),
            Flavor::Hugo => write!(text, "参见[{}](/{section}/{name}/)。", kind.label()),
        };
    }
}

/// The school whose entry has this number, a multiple of [`SCHOOL_EVERY`].
pub(super) fn school(words: &Words, number: usize) -> Unit {
    let index = number / SCHOOL_EVERY;
    let (city, landmark) = (
        index % words::CITIES.len(),
        index / words::CITIES.len() % words.landmarks.len(),
    );
    let suffix = words::SCHOOLS[index % words::SCHOOLS.len()].1;
    let name = format!(
        "示例{}{}{suffix}",
        words::CITIES[city].1,
        words.landmarks[landmark]
    );
    Unit {
        id: format!("scho-{number:06}"),
        name,
        city,
    }
}

/// Id of a city's research office.
pub(super) fn office(city: &str) -> String {
    format!("office-{city}")
}

/// Name of a city's research office, by the name of the city.
pub(super) fn office_name(city: &str) -> String {
    format!("{city}市职业技术培训教研室（示例）")
}
