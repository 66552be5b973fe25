//! Snippets of code, of which no line comes twice: what a highlighter remembers of lines does not help it.

use std::fmt::Write as _;

use crate::bench::random::Random;

/// Languages by the name in the fence, with the lines a snippet is made of: `@` stands for a name and `~`
/// for a number that no other line has.
const LANGUAGES: [(&str, &[&str]); 8] = [
    (
        "python",
        &[
            "def read_@(path: str, limit: int = ~) -> list[float]:",
            "    with open(path, encoding=\"utf-8\") as @:",
            "    values_@ = [float(line) for line in rows if line != \"~\"]",
            "    return sorted(@, key=lambda row: row[~], reverse=True)  # 从大到小",
            "if len(@) > ~ and not finished:",
            "    print(f\"第 {@} 组：{total / ~:.2f} 毫米\")",
            "class Sensor@(Device): address = 0x~",
        ],
    ),
    (
        "c",
        &[
            "static uint16_t read_@(const uint8_t *frame, size_t length /* ~ */)",
            "    if (frame[~] != 0x7e || length < @) return -1;",
            "    for (size_t @ = 0; i < ~; ++i) { sum += frame[i]; }",
            "#define LIMIT_@ (~u << 2)",
            "    printf(\"温度 %d, 序号 ~\\n\", value_@);",
            "    struct motor_@ *motor = &table[~];",
        ],
    ),
    (
        "rust",
        &[
            "pub fn parse_@(text: &str) -> Result<Vec<u32>, Error> { // 第 ~ 步",
            "    let @ = text.lines().filter(|line| line.len() > ~).count();",
            "    match @ { Some(value) if value > ~ => Ok(value), _ => Err(Error::Empty) }",
            "    const WIDTH_@: usize = ~;",
            "    assert_eq!(@, \"编号 ~\");",
            "#[derive(Debug, Clone)] struct Frame@ { id: u32, size: [u8; ~] }",
        ],
    ),
    (
        "javascript",
        &[
            "export async function load@(url, retries = ~) {",
            "  const @ = await fetch(`/api/${id}?page=~`);",
            "  if (!response.ok) throw new Error(\"读取失败 ~: \" + @);",
            "  return @.items.map((item) => ({ ...item, score: item.score * ~ }));",
            "  document.querySelector(\"#row-~\").textContent = @ ?? \"无\"; // 显示",
        ],
    ),
    (
        "sql",
        &[
            "SELECT city, COUNT(*) AS @ FROM lessons WHERE hours >= ~ GROUP BY city;",
            "UPDATE devices SET state = '检修', note_@ = 'no. ~' WHERE id IN (1, 2);",
            "CREATE TABLE scores_@ (id INTEGER PRIMARY KEY, value NUMERIC DEFAULT ~);",
            "INSERT INTO logs_@ (moment, text) VALUES (CURRENT_TIMESTAMP, '第 ~ 次'); -- 记录",
        ],
    ),
    (
        "java",
        &[
            "public class Lesson@ extends Base implements Comparable<Lesson> { // ~",
            "    private final Map<String, Integer> @ = new HashMap<>(~);",
            "    for (int @ = 0; index < ~; index++) { total += hours.get(index); }",
            "    if (name.equals(\"数控 ~\")) { return Optional.of(@); }",
            "    System.out.printf(\"%d 课时 ~%n\", @);",
        ],
    ),
    (
        "bash",
        &[
            "export DATA_@=\"/srv/backup/~\"",
            "for file in logs-@/*.txt; do wc -l \"$file\" | sort -n | head -~; done",
            "if [ \"$@\" -gt ~ ]; then echo '磁盘空间不足'; exit 1; fi",
            "rsync -a --delete --bwlimit=~ ./public/ server-@:/var/www/ # 同步",
        ],
    ),
    (
        "json",
        &[
            "  \"device_@\": { \"address\": ~, \"enabled\": true },",
            "  \"name_@\": \"第 ~ 号工位\",",
            "  \"limits_@\": [~, 0.25, null, \"自动\"],",
        ],
    ),
];

/// Appends a fenced snippet of 15 to 39 lines.
pub(super) fn snippet(random: &mut Random, text: &mut String) {
    let (language, lines) = random.pick(&LANGUAGES);
    let _ = writeln!(text, "```{language}");
    for _ in 0..random.between(15, 40) {
        let line = random.pick(lines);
        let bits = random.bits();
        // A line that has one of the two only has 40 bits of its own, enough for these many lines.
        let name = format!("{}_{:010x}", random.pick(&STEMS), bits & 0xff_ffff_ffff);
        let number = bits & 0xff_ffff_ffff;
        text.push_str(&fill(line, &name, number));
        text.push('\n');
    }
    text.push_str("```\n\n");
}

const STEMS: [&str; 8] = ["row", "step", "motor", "value", "lesson", "part", "valve", "node"];

/// Puts the name in the place of every `@` and the number in the place of every `~`.
fn fill(line: &str, name: &str, number: u64) -> String {
    let mut filled = String::with_capacity(line.len() + 32);
    for character in line.chars() {
        match character {
            '@' => filled.push_str(name),
            '~' => {
                let _ = write!(filled, "{number}");
            }
            other => filled.push(other),
        }
    }
    filled
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_line_comes_twice() {
        let mut text = String::new();
        let mut random = Random::new(7);
        for _ in 0..200 {
            snippet(&mut random, &mut text);
        }
        let lines: Vec<&str> = text
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with("```"))
            .collect();
        let distinct: BTreeSet<&str> = lines.iter().copied().collect();
        assert!(lines.len() >= 200 * 15);
        assert_eq!(distinct.len(), lines.len());
    }
}
