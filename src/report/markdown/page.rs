//! A page that never gets longer than it may: whole parts are left out and counted.

/// A page in the making.
pub(super) struct Page {
    out: String,
}

impl Page {
    pub(super) fn new() -> Self {
        Page { out: String::new() }
    }

    /// A line, and an empty one after it.
    pub(super) fn paragraph(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push_str("\n\n");
    }

    /// Text as it is.
    pub(super) fn raw(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Items, one behind the other, as long as the page stays within `until` bytes; gives how many were
    /// left out. An item that is too long is left out, and shorter ones after it are still taken.
    pub(super) fn items(&mut self, items: impl IntoIterator<Item = String>, until: usize) -> usize {
        let mut left_out = 0;
        for item in items {
            if self.out.len() + item.len() < until {
                self.out.push_str(&item);
            } else {
                left_out += 1;
            }
        }
        left_out
    }

    /// Says how many did not fit, where some did not.
    pub(super) fn dropped(&mut self, left_out: usize, one: &str, many: &str) {
        if left_out > 0 {
            let verb = if left_out == 1 { "is" } else { "are" };
            let what = if left_out == 1 { one } else { many };
            self.paragraph(&format!("{left_out} more {what} {verb} not shown here; the JSON report has all."));
        }
    }

    pub(super) fn finish(self) -> String {
        let mut out = self.out;
        while out.contains("\n\n\n") {
            out = out.replace("\n\n\n", "\n\n");
        }
        format!("{}\n", out.trim_end())
    }
}
