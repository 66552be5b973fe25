//! The few interface texts a rendered body holds.

/// Texts the theme's language decides; the default is Chinese.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Texts {
    /// Title of `> [!NOTE]`.
    pub note: String,
    /// Title of `> [!TIP]`.
    pub tip: String,
    /// Title of `> [!IMPORTANT]`.
    pub important: String,
    /// Title of `> [!WARNING]`.
    pub warning: String,
    /// Title of `> [!CAUTION]`.
    pub caution: String,
    /// Name of the section of footnotes.
    pub footnotes: String,
    /// Name of the link from a footnote to its place.
    pub back: String,
    /// Name of the link a heading has to itself; the heading's text follows.
    pub anchor: String,
    /// Name of a table's scrolling region; a number follows.
    pub table: String,
    /// Name of a task's box when done.
    pub done: String,
    /// Name of a task's box when not done.
    pub open: String,
    /// Link to a file for those who cannot play it, and on cards.
    pub download: String,
    /// Link to a PDF.
    pub view: String,
    /// Whether code is coloured: no text, but a choice of the site like them.
    pub highlight: bool,
}

impl Default for Texts {
    fn default() -> Self {
        let text = str::to_owned;
        Texts {
            note: text("注意"),
            tip: text("提示"),
            important: text("重要"),
            warning: text("警告"),
            caution: text("小心"),
            footnotes: text("脚注"),
            back: text("返回正文"),
            anchor: text("本节链接"),
            table: text("表格"),
            done: text("已完成"),
            open: text("未完成"),
            download: text("下载"),
            view: text("打开"),
            highlight: true,
        }
    }
}
