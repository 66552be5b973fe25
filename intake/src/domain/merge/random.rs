//! Three people edit one entry in any order: nothing that was accepted is lost unknowingly, and every conflict ends.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;

use super::{BODY, Choice, Fields, Merged, Question, merge};

/// What somebody does; every number chooses among what there is.
#[derive(Debug, Clone, Copy)]
enum Act {
    Begin,
    /// Sets or empties a field.
    Field(usize),
    /// Writes a paragraph anew, puts one before it, or removes it.
    Paragraph(usize, usize),
    /// Hands in; with a conflict it is answered first, as the number says.
    HandIn(usize),
    Accept,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        2 => Just(Act::Begin),
        3 => any::<usize>().prop_map(Act::Field),
        4 => (0_usize..3, any::<usize>()).prop_map(|(how, place)| Act::Paragraph(how, place)),
        2 => any::<usize>().prop_map(Act::HandIn),
        2 => Just(Act::Accept),
    ]
}

#[derive(Debug, Clone)]
struct Edit {
    base: Fields,
    ours: Fields,
    is_handed_in: bool,
    /// How often its author had to answer since others' edits were accepted last.
    rounds: usize,
}

struct Office {
    published: Fields,
    edits: [Option<Edit>; 3],
    /// Every word is written once, so it can be told who wrote it and where it went.
    words: usize,
}

type Words = BTreeSet<String>;

fn words(content: &Fields) -> Words {
    content.values().flat_map(words_of).collect()
}

fn words_of(value: &serde_json::Value) -> Words {
    let words = value.as_str().unwrap_or_default().split_whitespace();
    words.map(str::to_owned).collect()
}

fn fresh(words: &mut usize) -> String {
    *words += 1;
    format!("w{words}")
}

impl Office {
    fn new() -> Self {
        let mut words = 0;
        let mut published: Fields = ["title", "summary", "tags"]
            .map(|name| (name.to_owned(), fresh(&mut words).into()))
            .into_iter()
            .collect();
        let body: Vec<String> = (0..4).map(|_| fresh(&mut words)).collect();
        published.insert(BODY.to_owned(), body.join("\n\n").into());
        Self {
            published,
            edits: [None, None, None],
            words,
        }
    }

    fn does(&mut self, who: usize, act: Act) -> Result<(), TestCaseError> {
        let edit = &mut self.edits[who];
        match (act, edit.as_mut()) {
            (Act::Begin, None) => {
                *edit = Some(Edit {
                    base: self.published.clone(),
                    ours: self.published.clone(),
                    is_handed_in: false,
                    rounds: 0,
                });
            }
            (Act::Field(place), Some(edit)) if !edit.is_handed_in => {
                let name = ["title", "summary", "tags", "credit"][place % 4];
                if place % 7 == 0 {
                    edit.ours.shift_remove(name);
                } else {
                    edit.ours.insert(name.to_owned(), fresh(&mut self.words).into());
                }
            }
            (Act::Paragraph(how, place), Some(edit)) if !edit.is_handed_in => {
                let body = edit
                    .ours
                    .get(BODY)
                    .and_then(|body| body.as_str())
                    .unwrap_or_default();
                let mut paragraphs: Vec<String> = body.split("\n\n").map(str::to_owned).collect();
                let place = place % paragraphs.len();
                match how {
                    0 => paragraphs[place] = fresh(&mut self.words),
                    1 => paragraphs.insert(place, fresh(&mut self.words)),
                    _ => drop(paragraphs.remove(place)),
                }
                edit.ours.insert(BODY.to_owned(), paragraphs.join("\n\n").into());
            }
            (Act::HandIn(how), Some(edit)) if !edit.is_handed_in => {
                if !questions(edit, &self.published).is_empty() {
                    reconcile(edit, &self.published, how, &mut self.words)?;
                }
                edit.is_handed_in = true;
            }
            (Act::Accept, Some(edit)) if edit.is_handed_in => self.accept(who)?,
            _ => {}
        }
        Ok(())
    }

    /// Publishes an edit, or gives it back if it is in conflict.
    fn accept(&mut self, who: usize) -> Result<(), TestCaseError> {
        let Some(edit) = &mut self.edits[who] else {
            return Ok(());
        };
        let merged = merge(&edit.base, &self.published, &edit.ours, |_| None);
        if !merged.questions.is_empty() {
            edit.is_handed_in = false;
            return Ok(());
        }
        let (base, ours) = (words(&edit.base), words(&edit.ours));
        let (before, after) = (words(&self.published), words(&merged.content));
        let added: Words = &ours - &base;
        prop_assert!(
            added.is_subset(&after),
            "accepted and not published: {:?}",
            &added - &after
        );
        // What goes was there when its author looked at it, and the author took it away.
        let lost = &before - &after;
        let removed = &base - &ours;
        prop_assert!(lost.is_subset(&removed), "lost: {:?}", &lost - &removed);
        self.published = merged.content;
        self.edits[who] = None;
        for other in self.edits.iter_mut().flatten() {
            other.rounds = 0;
        }
        Ok(())
    }
}

fn questions(edit: &Edit, published: &Fields) -> Vec<Question> {
    merge(&edit.base, published, &edit.ours, |_| None).questions
}

/// The author answers what both changed; what is published is the new base.
fn reconcile(
    edit: &mut Edit,
    published: &Fields,
    how: usize,
    count: &mut usize,
) -> Result<(), TestCaseError> {
    edit.rounds += 1;
    prop_assert!(edit.rounds <= 1, "asked again without another edit in between");
    let asked = questions(edit, published);
    let places: Vec<_> = asked.iter().map(|question| question.place.clone()).collect();
    let choice = |question: &Question| {
        let position = places.iter().position(|place| *place == question.place)?;
        Some(match (how / (position + 1)) % 3 {
            0 => Choice::Ours,
            1 => Choice::Theirs,
            _ => Choice::Written(format!("w{}", *count + position + 1).into()),
        })
    };
    let Merged {
        content, questions, ..
    } = merge(&edit.base, published, &edit.ours, choice);
    prop_assert!(questions.is_empty());
    // Only the side that was not chosen goes.
    let [base, theirs, ours] = [&edit.base, published, &edit.ours].map(words);
    let given_up: Words = asked
        .iter()
        .flat_map(|question| match choice(question) {
            Some(Choice::Ours) => words_of(&question.theirs),
            Some(Choice::Theirs) => words_of(&question.ours),
            _ => &words_of(&question.theirs) | &words_of(&question.ours),
        })
        .collect();
    let wanted = &(&(&theirs - &base) | &(&ours - &base)) - &given_up;
    prop_assert!(
        wanted.is_subset(&words(&content)),
        "given up unasked: {:?}",
        &wanted - &words(&content)
    );
    *count += asked.len();
    (edit.base, edit.ours) = (published.clone(), content);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn no_accepted_edit_is_lost_and_every_conflict_ends(acts in vec((0_usize..3, act()), 1..80)) {
        let mut office = Office::new();
        for (who, act) in acts {
            office.does(who, act)?;
        }
        // Whoever is left finishes: handed in and accepted at once, nobody is asked twice.
        for who in 0..3 {
            office.does(who, Act::HandIn(who))?;
            office.does(who, Act::Accept)?;
            office.does(who, Act::HandIn(who))?;
            office.does(who, Act::Accept)?;
            prop_assert!(office.edits[who].is_none(), "a conflict that does not end");
        }
    }
}
