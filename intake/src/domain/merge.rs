//! Two people edit one entry: what each changed is put together field by field, bodies passage by passage, lists of files
//! file by file. What both changed differently is a question to the one who comes later.

mod passages;
#[cfg(test)]
mod random;

use std::collections::BTreeSet;
use std::fmt;

use serde_json::{Map, Value};

use passages::{Passage, passages, written};

/// The fields of an entry, the body among them under [`BODY`].
pub type Fields = Map<String, Value>;

/// The name under which the body travels with the fields. No field can have it: names have no spaces.
pub const BODY: &str = "(body)";
/// What the keys of chapters begin with; each is an object of its fields with its body.
pub const CHAPTER: &str = "chapter/";

/// Where in a content something is. Written as the name of what a form sends about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The chapter that it is in, by its key; `None` for the entry itself.
    pub chapter: Option<String>,
    /// The field.
    pub field: String,
    /// Which of the contested passages of a body, from 0; `None` for the whole field.
    pub passage: Option<usize>,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(chapter) = &self.chapter {
            write!(formatter, "{chapter}/")?;
        }
        formatter.write_str(&self.field)?;
        match self.passage {
            Some(passage) => write!(formatter, ".{passage}"),
            None => Ok(()),
        }
    }
}

/// What both sides changed, differently. `null` is what a side does not have.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Where it is.
    pub place: Place,
    /// What both began with.
    pub base: Value,
    /// What is published now.
    pub theirs: Value,
    /// What the later one wants.
    pub ours: Value,
}

/// An answer to a [`Question`].
#[derive(Debug, Clone, PartialEq)]
pub enum Choice {
    /// As the later one wants it.
    Ours,
    /// As it is published.
    Theirs,
    /// As it is written now; `null` for nothing.
    Written(Value),
}

/// What comes of two edits.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Merged {
    /// The content; in what is not answered it is the later one's.
    pub content: Fields,
    /// What was taken over from what is published, because the later one did not touch it.
    pub taken: Vec<Place>,
    /// What is not answered, in the order of the later one's fields.
    pub questions: Vec<Question>,
}

/// Puts together what `ours` and `theirs` made of `base`, with an answer to what both changed.
pub fn merge(
    base: &Fields,
    theirs: &Fields,
    ours: &Fields,
    answer: impl Fn(&Question) -> Option<Choice>,
) -> Merged {
    let mut merging = Merging {
        answer,
        taken: Vec::new(),
        questions: Vec::new(),
    };
    Merged {
        content: merging.fields(None, base, theirs, ours),
        taken: merging.taken,
        questions: merging.questions,
    }
}

struct Merging<A> {
    answer: A,
    taken: Vec<Place>,
    questions: Vec<Question>,
}

type Sides<'v> = [Option<&'v Value>; 3];

impl<A: Fn(&Question) -> Option<Choice>> Merging<A> {
    fn fields(&mut self, chapter: Option<&str>, base: &Fields, theirs: &Fields, ours: &Fields) -> Fields {
        let mut merged = theirs.clone();
        let in_base = base.keys().filter(|name| !ours.contains_key(*name));
        let in_theirs = theirs.keys();
        let in_theirs = in_theirs.filter(|name| !ours.contains_key(*name) && !base.contains_key(*name));
        for name in ours.keys().chain(in_base).chain(in_theirs) {
            let place = Place {
                chapter: chapter.map(str::to_owned),
                field: name.clone(),
                passage: None,
            };
            // A key without a value says no more than no key.
            let get = |fields: &'_ Fields| fields.get(name).filter(|value| !value.is_null()).cloned();
            let [base, theirs, ours] = [get(base), get(theirs), get(ours)];
            let value = self.value(place, [base.as_ref(), theirs.as_ref(), ours.as_ref()]);
            if value == theirs {
                continue;
            }
            match value {
                Some(value) => merged.insert(name.clone(), value),
                None => merged.shift_remove(name),
            };
        }
        merged
    }

    fn value(&mut self, place: Place, [base, theirs, ours]: Sides<'_>) -> Option<Value> {
        if ours == theirs || theirs == base {
            return ours.cloned();
        }
        if ours == base {
            self.taken.push(place);
            return theirs.cloned();
        }
        let is_chapter = place.chapter.is_none() && place.field.starts_with(CHAPTER);
        let objects = [base, theirs, ours].map(|side| side.and_then(Value::as_object));
        if let ([Some(base), Some(theirs), Some(ours)], true) = (objects, is_chapter) {
            return Some(Value::Object(self.fields(Some(&place.field), base, theirs, ours)));
        }
        if let Some(files) = files([base, theirs, ours]) {
            self.taken.push(place);
            return Some(files);
        }
        let texts = [base, theirs, ours].map(|side| side.map_or(Some(""), Value::as_str));
        match texts {
            [Some(base), Some(theirs), Some(ours)] if place.field == BODY => {
                Some(self.body(&place, [base, theirs, ours]).into())
            }
            _ => self.ask(Question {
                place,
                base: base.cloned().unwrap_or_default(),
                theirs: theirs.cloned().unwrap_or_default(),
                ours: ours.cloned().unwrap_or_default(),
            }),
        }
    }

    fn body(&mut self, place: &Place, [base, theirs, ours]: [&str; 3]) -> String {
        let (mut text, mut count, mut is_taken) = (String::new(), 0, false);
        for passage in passages(base, theirs, ours) {
            match passage {
                Passage::Settled(settled) => text.push_str(&settled),
                Passage::Taken(theirs) => {
                    is_taken = true;
                    text.push_str(&theirs);
                }
                Passage::Contested(sides) => {
                    let [base, theirs, ours] = sides.clone().map(Value::from);
                    let place = Place {
                        passage: Some(count),
                        ..place.clone()
                    };
                    count += 1;
                    let question = Question {
                        place,
                        base,
                        theirs,
                        ours,
                    };
                    let chosen = match (self.answer)(&question) {
                        Some(Choice::Written(value)) => {
                            written(value.as_str().unwrap_or_default(), &sides).into()
                        }
                        _ => self.ask(question).unwrap_or_default(),
                    };
                    text.push_str(chosen.as_str().unwrap_or_default());
                }
            }
        }
        if is_taken {
            self.taken.push(place.clone());
        }
        text.trim().to_owned()
    }

    fn ask(&mut self, question: Question) -> Option<Value> {
        let value = match (self.answer)(&question) {
            Some(Choice::Theirs) => question.theirs,
            Some(Choice::Ours) => question.ours,
            Some(Choice::Written(value)) => value,
            None => {
                let ours = question.ours.clone();
                self.questions.push(question);
                ours
            }
        };
        Some(value).filter(|value| !value.is_null())
    }
}

/// Lists of files: what either side added is added, what either removed is gone. Returns `None` for anything else, and
/// where two files would have one name.
fn files(sides: Sides<'_>) -> Option<Value> {
    let is_file = |value: &Value| value.get("sha256").is_some() || value.get("path").is_some();
    let mut lists: [&[Value]; 3] = [&[]; 3];
    for (list, side) in lists.iter_mut().zip(sides) {
        *list = match side {
            None => &[],
            Some(Value::Array(items)) if items.iter().all(is_file) => items,
            Some(_) => return None,
        };
    }
    let [_, theirs, ours] = lists;
    let known = |list: &[Value]| -> BTreeSet<String> { list.iter().map(Value::to_string).collect() };
    let [in_base, in_theirs, in_ours] = lists.map(known);
    let is_kept = |file: &&Value| {
        let file = file.to_string();
        in_ours.contains(&file) || !in_base.contains(&file)
    };
    let is_added = |file: &&Value| {
        let file = file.to_string();
        !in_base.contains(&file) && !in_theirs.contains(&file)
    };
    let kept = theirs.iter().filter(is_kept);
    let merged: Vec<Value> = kept.chain(ours.iter().filter(is_added)).cloned().collect();
    let name = |file: &Value| {
        let name = file.get("name").or_else(|| file.get("path"));
        name.map(Value::to_string).unwrap_or_default()
    };
    let names: BTreeSet<String> = merged.iter().map(name).collect();
    (names.len() == merged.len() && !merged.is_empty()).then(|| merged.into())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Fields from `a=1 b=2`; in the body `/` ends a line.
    fn fields(text: &str) -> Fields {
        let pairs = text.split_whitespace().filter_map(|pair| pair.split_once('='));
        pairs
            .map(|(name, value)| match name {
                "body" => (BODY.to_owned(), value.replace('/', "\n").into()),
                name => (name.to_owned(), Value::from(value)),
            })
            .collect()
    }

    fn places<'p>(places: impl Iterator<Item = &'p Place>) -> String {
        places.map(Place::to_string).collect::<Vec<_>>().join(" ")
    }

    /// A line a case: base, theirs, ours; what comes of it, what was taken over, what is asked.
    #[test]
    fn fields_are_merged_one_by_one() {
        let cases = [
            ("a=1 b=1", "a=2 b=1", "a=1 b=3", "a=2 b=3", "a", ""),
            ("a=1", "a=2", "a=2", "a=2", "", ""),
            ("a=1", "a=1", "", "", "", ""),
            ("a=1", "", "a=1 b=1", "b=1", "a", ""),
            ("", "a=1", "a=1", "a=1", "", ""),
            ("", "a=1", "", "a=1", "a", ""),
            ("a=1", "a=2", "a=3", "a=3", "", "a"),
            ("a=1", "a=2", "", "", "", "a"),
            ("", "a=1", "a=2", "a=2", "", "a"),
            ("a=1 b=1", "a=2 b=2", "b=3 a=3", "a=3 b=3", "", "b a"),
            ("body=x//y", "body=z//y", "body=x//v", "body=z//v", "(body)", ""),
            ("body=x//y", "body=z//y", "body=w//v", "body=w//v", "", "(body).0"),
            ("body=x//y", "body=x", "body=x//y", "body=x", "(body)", ""),
        ];
        for (base, theirs, ours, expected, taken, asked) in cases {
            let merged = merge(&fields(base), &fields(theirs), &fields(ours), |_| None);
            let case = format!("{base} | {theirs} | {ours}");
            assert_eq!(merged.content, fields(expected), "{case}");
            assert_eq!(places(merged.taken.iter()), taken, "{case}");
            let questions = merged.questions.iter().map(|question| &question.place);
            assert_eq!(places(questions), asked, "{case}");
        }
    }

    #[test]
    fn answers_are_taken() {
        let (base, theirs, ours) = (
            fields("a=1 body=x//y//z"),
            fields("a=2 body=p//y//q"),
            fields("a=3 body=v//y//w"),
        );
        let cases = [
            (Choice::Ours, "a=3 body=v//y//w"),
            (Choice::Theirs, "a=2 body=p//y//q"),
            (Choice::Written("n".into()), "a=n body=n//y//n"),
            (Choice::Written(Value::Null), "body=/y/"),
        ];
        for (choice, expected) in cases {
            let merged = merge(&base, &theirs, &ours, |_| Some(choice.clone()));
            let mut expected = fields(expected);
            if let Some(body) = expected.get_mut(BODY) {
                *body = body.as_str().unwrap().trim().into();
            }
            assert_eq!(merged.content, expected, "{choice:?}");
            assert!(merged.questions.is_empty());
        }
        let one = merge(&base, &theirs, &ours, |question| {
            (question.place.passage == Some(1)).then_some(Choice::Theirs)
        });
        assert_eq!(one.content, fields("a=3 body=v//y//q"));
        assert_eq!(one.questions.len(), 2);
    }

    #[test]
    fn chapters_are_merged_within() {
        let with = |chapter: Value| json!({ "chapter/1.md": chapter }).as_object().unwrap().clone();
        let base = with(json!({"title": "t", BODY: "x"}));
        let theirs = with(json!({"title": "u", BODY: "y"}));
        let ours = with(json!({"title": "t", "cover": "c", BODY: "z"}));
        let merged = merge(&base, &theirs, &ours, |_| None);
        assert_eq!(
            merged.content["chapter/1.md"],
            json!({"title": "u", BODY: "z", "cover": "c"})
        );
        assert_eq!(places(merged.taken.iter()), "chapter/1.md/title");
        assert_eq!(merged.questions[0].place.to_string(), "chapter/1.md/(body).0");
        // A chapter that one removes and the other changes is one question.
        let removed = merge(&base, &theirs, &Fields::new(), |_| None);
        assert_eq!(removed.questions[0].place.to_string(), "chapter/1.md");
        assert!(removed.content.is_empty());
    }

    #[test]
    fn files_are_merged_one_by_one() {
        let list = |names: &str| -> Fields {
            let file = |name: &str| {
                let (name, sum) = name.split_once(':').unwrap_or((name, "0"));
                json!({"name": name, "sha256": sum})
            };
            let files: Value = names.split_whitespace().map(file).collect();
            Fields::from_iter([("attachments".to_owned(), files)])
        };
        let cases = [
            ("a b", "a b c", "a b d", Some("a b c d")),
            ("a b", "b c", "a d", Some("c d")),
            ("a", "b", "a b", Some("b")),
            ("a", "a b:1", "a b:2", None),
            ("a:0", "a:1", "a:2", None),
        ];
        for (base, theirs, ours, expected) in cases {
            let merged = merge(&list(base), &list(theirs), &list(ours), |_| None);
            match expected {
                Some(expected) => assert_eq!(merged.content, list(expected), "{base} | {theirs} | {ours}"),
                None => assert_eq!(merged.questions.len(), 1, "{base} | {theirs} | {ours}"),
            }
        }
    }

    #[test]
    fn a_key_without_a_value_is_no_key() {
        let null = Fields::from_iter([("a".to_owned(), Value::Null)]);
        let merged = merge(&null, &Fields::new(), &fields("a=1"), |_| None);
        assert_eq!((merged.content, merged.questions), (fields("a=1"), Vec::new()));
    }
}
