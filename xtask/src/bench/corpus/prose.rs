//! Sentences, lists and tables out of the words.

use std::fmt::Write as _;

use super::words;
use crate::bench::random::Random;

/// The word lists, taken apart once.
pub(super) struct Words {
    pub(super) tags: Vec<&'static str>,
    pub(super) events: Vec<&'static str>,
    pub(super) topics: Vec<&'static str>,
    pub(super) headings: Vec<&'static str>,
    pub(super) landmarks: Vec<&'static str>,
    people: Vec<&'static str>,
    actions: Vec<&'static str>,
    objects: Vec<&'static str>,
    manners: Vec<&'static str>,
    places: Vec<&'static str>,
    results: Vec<&'static str>,
    reasons: Vec<&'static str>,
    connectives: Vec<&'static str>,
}

impl Words {
    pub(super) fn new() -> Self {
        let list = |text: &'static str| text.split_whitespace().collect();
        Self {
            tags: list(words::TAGS),
            events: list(words::EVENTS),
            topics: list(words::TOPICS),
            headings: list(words::HEADINGS),
            landmarks: list(words::LANDMARKS),
            people: list(words::PEOPLE),
            actions: list(words::ACTIONS),
            objects: list(words::OBJECTS),
            manners: list(words::MANNERS),
            places: list(words::PLACES),
            results: list(words::RESULTS),
            reasons: list(words::REASONS),
            connectives: list(words::CONNECTIVES),
        }
    }

    /// A sentence with its full stop.
    pub(super) fn sentence(&self, random: &mut Random) -> String {
        let person = random.pick(&self.people);
        let action = random.pick(&self.actions);
        let object = random.pick(&self.objects);
        let manner = random.pick(&self.manners);
        let other = random.pick(&self.objects);
        let place = random.pick(&self.places);
        let result = random.pick(&self.results);
        let reason = random.pick(&self.reasons);
        let number = random.between(2, 120);
        match random.below(8) {
            0 => format!("{person}在{place}{manner}{action}了{object}，{result}。"),
            1 => format!("由于{reason}，{person}{manner}{action}{object}，再与{other}相互印证。"),
            2 => format!(
                "{number} 份{object}中，有 {} 份需要重新{action}。",
                random.between(1, number)
            ),
            3 => format!("{person}认为，只有{manner}{action}{object}，才能使{result}。"),
            4 => format!("如果{reason}，可以先{action}{object}，然后到{place}{manner}练习 {number} 分钟。"),
            5 => format!("{place}里，{person}用 {number} 分钟{action}{object}，并把结果写进{other}。"),
            6 => format!(
                "{object}与{other}由{person}统一{action}，每学期不少于 {} 次。",
                number % 9 + 1
            ),
            _ => format!(
                "经过 {number} 天的{action}，{object}已经覆盖 {} 个班级，{result}。",
                number % 31 + 2
            ),
        }
    }

    /// A paragraph of so many sentences, with emphasis here and there.
    pub(super) fn paragraph(&self, random: &mut Random, sentences: usize) -> String {
        let mut text = String::new();
        for index in 0..sentences {
            if index > 0 && random.chance(40) {
                let connective = *random.pick(&self.connectives);
                text.push_str(connective);
            }
            if random.chance(12) {
                let object = random.pick(&self.objects);
                let _ = write!(text, "**{object}：**");
            }
            text.push_str(&self.sentence(random));
            if random.chance(6) {
                let (action, object) = (random.pick(&self.actions), random.pick(&self.objects));
                let _ = write!(text, "这里强调的是*{action}{object}*。");
            }
        }
        text
    }

    /// A list, ordered or not, sometimes with a second level.
    pub(super) fn list(&self, random: &mut Random, text: &mut String) {
        let is_ordered = random.chance(40);
        for number in 1..=random.between(3, 7) {
            let (object, sentence) = (random.pick(&self.objects), self.sentence(random));
            let marker = if is_ordered {
                format!("{number}.")
            } else {
                "-".to_owned()
            };
            let _ = writeln!(text, "{marker} **{object}**，{sentence}");
            if random.chance(20) {
                let indent = " ".repeat(marker.len() + 1);
                let _ = writeln!(text, "{indent}- {}", self.sentence(random));
            }
        }
        text.push('\n');
    }

    /// A table of four columns.
    pub(super) fn table(&self, random: &mut Random, text: &mut String) {
        text.push_str("| 项目 | 负责 | 数量 | 说明 |\n| --- | :-: | --: | --- |\n");
        for _ in 0..random.between(4, 9) {
            let (object, person) = (random.pick(&self.objects), random.pick(&self.people));
            let (number, result) = (random.between(1, 4000), random.pick(&self.results));
            let _ = writeln!(text, "| {object} | {person} | {number} | {result} |");
        }
        text.push('\n');
    }

    /// The names of an object and of what is done with it, for lists of skills.
    pub(super) fn skill(&self, random: &mut Random) -> String {
        format!("{}{}", random.pick(&self.actions), random.pick(&self.objects))
    }
}
